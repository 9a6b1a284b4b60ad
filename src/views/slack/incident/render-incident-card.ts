import type { ChatMessage } from '../../../domain/chat-message.ts';
import { counted } from '../../../domain/counted.ts';
import { isResolved } from '../../../domain/incident.ts';
import { renderAlerts, renderProposal } from '../../incident/alerts.ts';
import { renderPages } from '../../incident/pages.ts';
import { nameDeclarer, renderOnCall, renderRoles } from '../../incident/people.ts';
import { renderBackup, renderMitigation, renderRuns } from '../../incident/runs.ts';
import type { IncidentShown } from '../../incident/shown.ts';
import { nameIncident, nameTarget, renderClock } from '../../incident/stand.ts';
import { dateOf } from '../../incident/times.ts';
import { renderTroubles } from '../../incident/troubles.ts';
import { renderUpdates } from '../../incident/updates.ts';
import { composeMessage } from '../compose-message.ts';
import { cutMarkup } from '../cut-text.ts';
import { LIMITS } from '../limits.ts';
import { escapeSentence } from '../markup.ts';
import { listCardButtons } from './incident-buttons.ts';
import { showLine } from './show-line.ts';

const LONGEST_TITLE = 1_000;

/** The one truth about an incident, edited in place: what it is and how much time is left first, then who, what and what does not work. */
export function renderIncidentCard(shown: IncidentShown): ChatMessage {
  const { state, alerts } = shown;
  const head = nameIncident(state);
  const lines = [
    [...renderClock(shown), ...renderForeign(shown)],
    renderPages(shown),
    [...renderRoles(state), ...renderOnCall(shown)],
    [...renderRuns(shown), ...renderMitigation(shown), ...renderBackup(shown)],
    [...renderAlerts(alerts), ...renderProposal(alerts, isResolved(state))],
    renderUpdates(shown),
    renderTroubles(state),
  ];
  return composeMessage(state.opening.incident, {
    loud: head,
    sections: [
      ...(head.length <= LIMITS.header ? [] : [[cutMarkup(escapeSentence(state.opening.title), LONGEST_TITLE)]]),
      ...lines.filter((it) => it.length > 0).map((it) => it.map(showLine)),
    ],
    small: [showLine({ text: sayOrigin(shown) })],
    buttons: listCardButtons(shown),
  });
}

function renderForeign({ state: { foreign } }: IncidentShown) {
  if (foreign === undefined) return [];
  const text = `A newer Muster wrote ${foreign}; this version keeps its hands off. Next: use that version.`;
  return [{ text, strong: true }];
}

function sayOrigin({ state }: IncidentShown): string {
  const { opening, declaredAt } = state;
  const kept = state.notes.length + state.pinned.size;
  const about = [
    ...(opening.service === undefined ? [] : [`service ${opening.service}`]),
    ...(opening.target === undefined ? [] : [`namespace ${nameTarget(opening.target)}`]),
    ...(opening.private ? ['private: announced nowhere'] : []),
  ];
  return [
    `Incident ${opening.incident}, declared ${dateOf(declaredAt)} by ${nameDeclarer(opening)}`,
    ...about,
    ...(kept === 0 ? [] : [`in the timeline: ${countKept(state)}`]),
  ].join('; ');
}

/** `1 note, 2 pinned messages` */
function countKept({ notes, pinned }: IncidentShown['state']): string {
  return [
    ...(notes.length === 0 ? [] : [counted(notes.length, 'note')]),
    ...(pinned.size === 0 ? [] : [counted(pinned.size, 'pinned message')]),
  ].join(', ');
}
