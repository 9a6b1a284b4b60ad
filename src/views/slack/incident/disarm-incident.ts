import type { IncidentShown } from '../../incident/shown.ts';
import { disarmReply, disarmValue } from '../markup.ts';

/** The same with every text in it disarmed, however deep; what people wrote as an update keeps its lines, and the members it names. */
export function disarmIncident(shown: IncidentShown): IncidentShown {
  const { updates, slots } = shown.state;
  const disarmed = disarmValue({ ...shown, state: { ...shown.state, updates: [], slots: new Map() } });
  return {
    ...disarmed,
    state: {
      ...disarmed.state,
      updates: updates.map((update) => ({ ...disarmValue(update), text: disarmText(update.text) })),
      slots: new Map([...slots].map(([slot, { at, text }]) => [slot, { at, text: disarmText(text) }])),
    },
  };
}

export function disarmText(text: string): string {
  return text.split(/\r?\n/).map(disarmReply).join('\n');
}
