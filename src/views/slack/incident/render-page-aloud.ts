import type { ChatMessage } from '../../../domain/chat-message.ts';
import { isResolved } from '../../../domain/incident.ts';
import { effectKey } from '../../../domain/incident-effects.ts';
import type { PageState } from '../../../domain/incident-pages.ts';
import type { Line } from '../../incident/line.ts';
import { explainImpossible, isUntaken, listPageTroubles, nameTaker } from '../../incident/pages.ts';
import type { IncidentShown } from '../../incident/shown.ts';
import { nameIncident } from '../../incident/stand.ts';
import { clockOf } from '../../incident/times.ts';
import { composeMessage } from '../compose-message.ts';
import { ackButton } from './incident-buttons.ts';
import { showRoom } from './render-announcement.ts';
import { showLine } from './show-line.ts';

/** Calls everybody, mostly in the incidents channel: PagerDuty pages nobody. It stops calling once it does, or once somebody has taken it. */
export function renderPageAloud(shown: IncidentShown, of: string): ChatMessage {
  const { state } = shown;
  const { incident } = state.opening;
  const page = state.pages.get(effectKey('page', of));
  const name = showLine({ text: nameIncident(state), strong: true });
  const whom = page?.who === undefined ? 'Whoever is on call' : page.who.name;
  if (page === undefined || !isUntaken(state, page) || page.status !== 'asked') {
    return composeMessage(incident, { sections: [[showLine({ text: `${whom} ${sayOver(shown, page)}` }), name]] });
  }
  return composeMessage(incident, {
    loud: 'NOBODY COULD BE PAGED',
    sections: [
      [`<!here> ${name}`, showLine({ text: `${whom} does not know of it yet. Take it, or call them by phone.` })],
      [showRoom(shown), ...sayWhy(shown, of).map(showLine)],
    ],
    buttons: [ackButton(state, page)],
  });
}

function sayOver({ state }: IncidentShown, page: PageState | undefined): string {
  if (page?.acknowledged !== undefined)
    return `need not be paged any more: acknowledged by ${nameTaker(page)} at ${clockOf(page.acknowledged.at)}.`;
  const isOver = page === undefined || page.status === 'resolved' || isResolved(state);
  return isOver ? 'need not be paged any more: it is resolved.' : 'is paged by PagerDuty now.';
}

function sayWhy({ state, settings }: IncidentShown, of: string): Line[] {
  const page = state.pages.get(effectKey('page', of));
  if (page === undefined) return [];
  const impossible = explainImpossible(page, settings.pager);
  if (impossible !== undefined) return [{ text: impossible }];
  const troubles = listPageTroubles(state, page);
  const last = troubles.some(({ final }) => !final) || troubles.length === 0;
  return [
    ...troubles.map(({ way, why }) => ({ text: `PagerDuty's ${way}: ${why}` })),
    { text: last ? 'Muster keeps trying.' : 'PagerDuty refuses for good: Muster does not try on.', strong: !last },
  ];
}
