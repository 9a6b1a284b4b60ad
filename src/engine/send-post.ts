import type { Approvers } from '../domain/approvers.ts';
import { hashJson } from '../domain/digest.ts';
import type { NextPost } from '../domain/next-post.ts';
import type { PostContext, RenderPost } from '../domain/post-context.ts';
import { kindOfPost, postKey } from '../domain/posts.ts';
import type { RunView } from '../domain/run.ts';
import type { RunRequest } from '../domain/run-events.ts';
import { coerceError, isDrError } from '../errors.ts';
import type { Chat, Clock, Ledger, PostedMessage } from '../ports.ts';
import type { ChatGate } from './chat-gate.ts';
import type { Log } from './deps.ts';
import { type PostsView, recordPost } from './record-post.ts';

export interface PostDeps {
  ledger: Ledger;
  clock: Clock;
  log: Log;
  chat: Chat;
  gate: ChatGate;
  /** Hears of what keeps messages waiting, each time. */
  onTrouble(error: Error): void;
  render: RenderPost;
  approversOf(request: RunRequest): Approvers;
  /** Where the step in flight stands, read from its target now. */
  progressOf(view: RunView, signal: AbortSignal): Promise<string | undefined>;
  /** The incidents channel: gets what cannot be posted where it was asked for. */
  fallback: string | undefined;
}

/** What this drive knows beyond the ledger; lost on a crash, which costs a look or an edit that changes nothing. */
export interface PostMemory {
  /** The hash of what each edited message shows, by key. */
  shown: Map<string, string>;
  /** When each was last edited, ms. */
  editedAt: Map<string, number>;
  /** Attempts that are known not to have arrived, as `key/attempt`. */
  notTaken: Set<string>;
  progress: string | undefined;
  cardLink: string | undefined;
}

type Send = Extract<NextPost, { do: 'send' }>;
type Look = Extract<NextPost, { do: 'look' }>;

/** How soon a message that may be on its way is looked for again, in ms. */
const LOOK_AGAIN_MS = 700;

/** Writes ahead, posts, records. */
export async function sendPost(
  deps: PostDeps,
  posts: PostsView,
  run: RunView,
  next: Send,
  memory: PostMemory,
  signal: AbortSignal,
): Promise<void> {
  const { key, channel, attempt } = next;
  const begun = await recordPost(deps, posts, { type: 'post.begun', key, channel, attempt });
  // A run that was found again after its ledger was lost may have said this already.
  const earlier = run.state.recovered === undefined ? undefined : await findPost(deps, run, key, channel, signal);
  if (earlier !== undefined) return recordSent(deps, begun, run, key, earlier, UNKNOWN, signal);
  const message = deps.render(next.kind, await describePost(deps, posts, run, key, memory, signal));
  try {
    const posted = await deps.chat.post({ channel, key: metadataKey(run, key), message }, signal);
    await recordSent(deps, begun, run, key, posted, hashJson(message), signal, message.file);
  } catch (thrown) {
    if (isDrError(thrown, 'CHAT_UNREACHABLE', 'CHAT_FORBIDDEN')) memory.notTaken.add(`${key}/${attempt}`);
    if (!isDrError(thrown, 'CHAT_REFUSED')) throw thrown;
    deps.log.warn({ run: run.state.request.run, key, channel, error: thrown.message }, 'a message was refused');
    await recordPost(deps, begun, { type: 'post.refused', key, channel, why: thrown.message });
  }
}

/** Finds out what became of an attempt that nobody saw end. */
export async function lookForPost(
  deps: PostDeps,
  posts: PostsView,
  run: RunView,
  next: Look,
  memory: PostMemory,
  signal: AbortSignal,
): Promise<void> {
  const { kind, key, channel, attempt, wanted } = next;
  const taken = !memory.notTaken.has(`${key}/${attempt}`);
  const posted = taken ? await findPost(deps, run, key, channel, signal) : undefined;
  if (posted !== undefined) {
    const { file } = deps.render(kind, await describePost(deps, posts, run, key, memory, signal));
    return recordSent(deps, posts, run, key, posted, UNKNOWN, signal, file);
  }
  if (taken && !next.settled) return deps.clock.sleep(LOOK_AGAIN_MS, signal);
  if (wanted)
    return sendPost(deps, posts, run, { do: 'send', kind, key, channel, attempt: attempt + 1 }, memory, signal);
  await recordPost(deps, posts, { type: 'post.refused', key, channel, why: 'overtaken before it was posted' });
}

/** The message, if it is there; a channel that does not let us look took none of ours, or shows it to nobody who could ask us. */
async function findPost(
  { chat }: PostDeps,
  run: RunView,
  key: string,
  channel: string,
  signal: AbortSignal,
): Promise<PostedMessage | undefined> {
  try {
    return await chat.find(channel, metadataKey(run, key), signal);
  } catch (thrown) {
    if (isDrError(thrown, 'CHAT_REFUSED')) return undefined;
    throw thrown;
  }
}

/** What a message shows that was found and not sent by us: an edit brings it up to date. */
const UNKNOWN = 'unknown';

async function recordSent(
  deps: PostDeps,
  begun: PostsView,
  run: RunView,
  key: string,
  { channel, ts }: PostedMessage,
  shows: string,
  signal: AbortSignal,
  file?: Parameters<Chat['attach']>[1],
): Promise<void> {
  if (file !== undefined) {
    // A file that cannot be attached must not keep the message from counting.
    await deps.chat
      .attach({ channel, ts }, file, signal)
      .catch((thrown: unknown) =>
        deps.log.warn(
          { run: run.state.request.run, file: file.name, error: coerceError(thrown).message },
          'a file was not attached',
        ),
      );
  }
  await recordPost(deps, begun, { type: 'post.sent', key, channel, ts, shows });
}

/** Everything a message is built from. */
export async function describePost(
  deps: PostDeps,
  posts: PostsView,
  run: RunView,
  key: string,
  memory: PostMemory,
  signal: AbortSignal,
): Promise<PostContext> {
  const card = posts.state.posts.get(postKey('card'))?.sent;
  if (card !== undefined && memory.cardLink === undefined && !['card', 'plan'].includes(kindOfPost(key)))
    memory.cardLink = await deps.chat.link(card, signal).catch(() => undefined);
  return {
    state: run.state,
    approvers: deps.approversOf(run.state.request),
    progress: memory.progress,
    cardLink: memory.cardLink,
    current: isCurrent(run, key),
  };
}

/** A plan is planned afresh, and a run is parked again: earlier messages about it are not about what is now. */
function isCurrent({ state }: RunView, key: string): boolean {
  const kind = kindOfPost(key);
  if (kind === 'plan') return key === postKey(kind, state.plannedAt);
  return kind !== 'parked' || key === postKey(kind, state.parked?.at);
}

/** The name by which the message is found again. */
function metadataKey({ state }: RunView, key: string): string {
  return `${state.request.run}/${key}`;
}
