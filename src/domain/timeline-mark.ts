import type { Delivery } from './delivery.ts';
import type { IncidentState } from './incident.ts';
import { effectKey } from './incident-effects.ts';
import type { IncidentEventDraft } from './incident-events.ts';
import { messageOf } from './incident-room.ts';
import { readMarkup } from './slack-markup.ts';

/** How people put a message of a room into its incident's timeline, and take it out: a pin, or one emoji. */

/** So much of a message is kept, in characters. */
const LONGEST = 2_000;

export type Mark = 'put' | 'taken';

/** undefined: the event is about no mark. */
export function readMark({ actionId, emoji }: Pick<Delivery, 'actionId' | 'emoji'>, ours: string): Mark | undefined {
  const isOurs = emoji?.split('::')[0] === ours;
  switch (actionId) {
    case 'pin_added':
      return 'put';
    case 'pin_removed':
      return 'taken';
    case 'reaction_added':
      return isOurs ? 'put' : undefined;
    case 'reaction_removed':
      return isOurs ? 'taken' : undefined;
    default:
      return undefined;
  }
}

export interface MarkedMessage {
  channel: string;
  ts: string;
  author: string | undefined;
  /** In Slack's markup. */
  text: string;
  link: string | undefined;
}

/** Whether the message may go in: it is not in yet, and it is not our own card, which is pinned for another reason. */
export function mayPut(state: IncidentState, ts: string): boolean {
  return state.foreign === undefined && !state.pinned.has(ts) && messageOf(state, effectKey('post-card'))?.ts !== ts;
}

export function mayTake(state: IncidentState, ts: string): boolean {
  return state.foreign === undefined && state.pinned.has(ts);
}

export function draftPinned({ channel, ts, author, text, link }: MarkedMessage, by: string) {
  const plain = readMarkup(text).trim();
  const said = plain.length <= LONGEST ? plain : `${plain.slice(0, LONGEST - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
  return {
    type: 'message.pinned',
    ...{ channel, ts, by, text: said === '' ? '(no text)' : said },
    ...(author === undefined ? {} : { author }),
    ...(link === undefined ? {} : { link }),
  } as const satisfies IncidentEventDraft;
}
