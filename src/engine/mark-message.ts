import type { Delivery } from '../domain/delivery.ts';
import { draftPinned, mayPut, mayTake } from '../domain/timeline-mark.ts';
import { coerceError } from '../errors.ts';
import type { IncidentEngine } from '../incident-contracts.ts';
import type { Chat, PostedMessage, ReadMessage } from '../ports.ts';
import type { Log } from './deps.ts';

/** How long Slack may take to show one message, or to link to it, in ms. */
const READ_MS = 1_500;

export interface MarkDeps {
  log: Log;
  chat: Pick<Chat, 'read' | 'link'>;
  incidents: Pick<IncidentEngine, 'read' | 'change'>;
  /** The one that marks messages, without colons. */
  emoji: string;
}

export interface Marking extends Pick<Delivery, 'text' | 'author'> {
  incident: string;
  message: PostedMessage;
  /** Slack's id of whoever does it. */
  by: string;
}

/** Puts a message into the timeline; false: it is in already, or must not be. @throws DrError as Chat and IncidentEngine do */
export async function putIntoTimeline(deps: MarkDeps, { incident, message, by, ...told }: Marking): Promise<boolean> {
  const { state } = await deps.incidents.read(incident);
  if (!mayPut(state, message.ts)) return false;
  // A reaction does not say what it is on.
  const said = told.text === '' ? await deps.chat.read(message, AbortSignal.timeout(READ_MS)) : told;
  if (said === undefined) return false;
  const draft = draftPinned(
    { ...message, author: said.author, text: said.text, link: await findLink(deps, message) },
    by,
  );
  const { recorded } = await deps.incidents.change(incident, (view) =>
    mayPut(view.state, message.ts) ? draft : undefined,
  );
  return recorded !== undefined;
}

/** Takes a message out once no mark is left on it. @throws DrError as Chat and IncidentEngine do */
export async function takeFromTimeline(deps: MarkDeps, { incident, message, by }: Marking): Promise<boolean> {
  const { state } = await deps.incidents.read(incident);
  if (!mayTake(state, message.ts)) return false;
  const now = await readNow(deps, message);
  if (now !== undefined && (now.pinned || now.emoji.some((name) => name.split('::')[0] === deps.emoji))) return false;
  const draft = { type: 'message.unpinned', ts: message.ts, by } as const;
  const { recorded } = await deps.incidents.change(incident, (view) =>
    mayTake(view.state, message.ts) ? draft : undefined,
  );
  return recorded !== undefined;
}

/** undefined: it is gone, or not for us to see any more. */
async function readNow({ chat }: MarkDeps, message: PostedMessage): Promise<ReadMessage | undefined> {
  try {
    return await chat.read(message, AbortSignal.timeout(READ_MS));
  } catch (thrown) {
    if (coerceError(thrown).retryable) throw thrown;
    return undefined;
  }
}

/** The message is evidence without a link, too. */
async function findLink({ chat, log }: MarkDeps, message: PostedMessage): Promise<string | undefined> {
  try {
    return await chat.link(message, AbortSignal.timeout(READ_MS));
  } catch (thrown) {
    log.warn({ ...message, reason: coerceError(thrown).message }, 'a message goes into the timeline without its link');
    return undefined;
  }
}
