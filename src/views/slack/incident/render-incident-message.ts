import type { ChatMessage } from '../../../domain/chat-message.ts';
import type { IncidentContext } from '../../../domain/incident-context.ts';
import { effectOf } from '../../../domain/incident-effects.ts';
import { showIncident } from '../../incident/shown.ts';
import { disarmIncident } from './disarm-incident.ts';
import { renderAnnouncement, renderTold } from './render-announcement.ts';
import { renderIncidentCard } from './render-incident-card.ts';
import { renderPageAloud } from './render-page-aloud.ts';
import { renderPostedUpdate, renderRemind } from './render-status-update.ts';

/**
 * The message of an effect by its key, such as `remind:3`: the one way in, so that no text reaches a message before it is disarmed. The
 * same context gives the same message. @throws RangeError for an effect that has none
 */
export function renderIncidentMessage(key: string, context: IncidentContext): ChatMessage {
  const { name, of } = effectOf(key);
  const shown = disarmIncident(showIncident(context));
  switch (name) {
    case 'post-card':
      return renderIncidentCard(shown);
    case 'announce':
      return renderAnnouncement(shown);
    case 'tell':
      return renderTold(shown);
    case 'remind':
      return renderRemind(shown, Number(of));
    case 'post-update':
      return renderPostedUpdate(shown, Number(of));
    case 'page-aloud':
      return renderPageAloud(shown, of);
    default:
      throw new RangeError(`The effect ${key} posts no message.`);
  }
}
