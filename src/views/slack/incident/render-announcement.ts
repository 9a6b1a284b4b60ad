import type { ChatMessage } from '../../../domain/chat-message.ts';
import { isResolved } from '../../../domain/incident.ts';
import { roomOf } from '../../../domain/incident-room.ts';
import { updateAsOf } from '../../../domain/status-slots.ts';
import { nameCommander } from '../../incident/people.ts';
import { renderVerdicts } from '../../incident/runs.ts';
import type { IncidentShown } from '../../incident/shown.ts';
import { nameIncident, renderClock, renderSince, renderWhere } from '../../incident/stand.ts';
import { clockOf } from '../../incident/times.ts';
import { renderNextDue } from '../../incident/updates.ts';
import { composeMessage } from '../compose-message.ts';
import { showChannel, showLine, showText } from './show-line.ts';

/** For the incidents channel: that there is one, and where it is worked on. */
export function renderAnnouncement(shown: IncidentShown): ChatMessage {
  const { state } = shown;
  return composeMessage(state.opening.incident, {
    sections: [
      [showLine({ text: nameIncident(state), strong: true }), ...renderWhere(state).map(showLine), ...sayEnd(shown)],
      [
        showRoom(shown),
        showLine({ text: `Commander: ${nameCommander(state)}` }),
        ...renderVerdicts(shown).map(showLine),
      ],
    ],
  });
}

/** For those who wait for it to be over: how it stands in people's own words, without how it is worked on. */
export function renderTold(shown: IncidentShown): ChatMessage {
  const { state } = shown;
  const last = state.updates.at(-1);
  const said =
    last === undefined
      ? isResolved(state)
        ? []
        : ['Nobody has written a status update yet.']
      : [`Status update as of ${clockOf(updateAsOf(state, last))}:`, ...showText(last.text)];
  return composeMessage(state.opening.incident, {
    sections: [
      [
        ...[{ text: nameIncident(state), strong: true }, ...renderWhere(state), { text: renderSince(state) }].map(
          showLine,
        ),
      ],
      [...said, ...renderNextDue(shown).map(showLine)],
    ].filter((lines) => lines.length > 0),
  });
}

/** How much time is left or, once it is over, how long it took. */
function sayEnd(shown: IncidentShown): string[] {
  const clock = renderClock(shown);
  return (isResolved(shown.state) ? clock.slice(0, -1) : clock.slice(0, 1)).map(showLine);
}

export function showRoom({ state }: IncidentShown): string {
  const room = roomOf(state);
  if (room !== undefined) return `Room: ${showChannel(room.channel)}`;
  const effect = state.effects.get('open-room');
  const why = effect?.refused ?? effect?.delayed.at(-1);
  if (why === undefined) return 'The room is being opened.';
  return showLine({
    text:
      effect?.refused === undefined ? `The room is late, Muster keeps trying: ${why}` : `There will be NO room: ${why}`,
  });
}
