import { nextForRun } from '../domain/next-for-run.ts';
import { nextPost } from '../domain/next-post.ts';
import { runOfPosts } from '../domain/posts.ts';
import type { RunView } from '../domain/run.ts';
import { coerceError, type DrError } from '../errors.ts';
import { editPosts, settleEdits } from './edit-posts.ts';
import { readRun, runStream } from './record.ts';
import { type PostsView, readPosts, recordPost } from './record-post.ts';
import { lookForPost, type PostDeps, type PostMemory, sendPost } from './send-post.ts';

/** How often a run at work is looked at, in ms. */
const LOOK_MS = 1_000;
/** How long the cluster may take to say how far a step is, in ms: a message waits for it. */
const PROGRESS_LIMIT_MS = 3_000;
/** How long Slack is left alone after a fault, in ms, if it does not say itself. */
const FAULT_MS = 1_000;
const FORBIDDEN_MS = 15_000;

/**
 * Says what is to be said about a run: reads the ledger, asks the decider, posts or edits, records; while the run is at work, and until
 * there is nothing more to say. The run itself never waits for this. Answers what it has seen last, as `seenOf` writes it; undefined
 * where it was stopped.
 */
export async function drivePosts(deps: PostDeps, stream: string, signal: AbortSignal): Promise<string | undefined> {
  const id = runOfPosts(stream) ?? '';
  const memory: PostMemory = {
    shown: new Map(),
    editedAt: new Map(),
    notTaken: new Set(),
    progress: undefined,
    cardLink: undefined,
  };
  while (!signal.aborted) {
    try {
      await deps.gate.pass(signal);
      const [posts, run] = await Promise.all([readPosts(deps.ledger, id), readRun(deps.ledger, runStream(id))]);
      if (await sayNext(deps, posts, run, memory, signal)) return seenOf(posts, run);
    } catch (thrown) {
      const error = coerceError(thrown);
      if (error.code === 'LEDGER_CONFLICT') continue;
      // Whose stream of events was lost, or is not ours to read, has nothing to be said about.
      if (['RUN_NOT_FOUND', 'RUN_NEWER', 'LEDGER_FOREIGN'].includes(error.code)) return undefined;
      if (!error.retryable) throw error;
      await waitAfter(deps, error, signal);
    }
  }
  return undefined;
}

/** Does the one next thing; true where nothing more is to be said now. */
async function sayNext(
  deps: PostDeps,
  posts: PostsView,
  run: RunView,
  memory: PostMemory,
  signal: AbortSignal,
): Promise<boolean> {
  const { clock, fallback } = deps;
  const next = nextPost(run.state, posts.state, clock.now(), fallback);
  if (next.do === 'nothing') return true;
  if (next.do === 'send') await sendPost(deps, posts, run, next, memory, signal);
  else if (next.do === 'look') await lookForPost(deps, posts, run, next, memory, signal);
  else return keepCurrent(deps, posts, run, memory, next, signal);
  return false;
}

/** Everything is posted: what is edited in place follows the run until the run waits or is over. */
async function keepCurrent(
  deps: PostDeps,
  posts: PostsView,
  run: RunView,
  memory: PostMemory,
  next: { do: 'rest' } | { do: 'end'; why?: string },
  signal: AbortSignal,
): Promise<boolean> {
  const doing = nextForRun(run.state, deps.clock.now()).do;
  const atWork = doing !== 'wait' && doing !== 'nothing';
  memory.progress = atWork ? await readProgress(deps, run, signal) : undefined;
  const current = await editPosts(deps, posts, run, memory, signal);
  if (!current || atWork) {
    await deps.clock.sleep(LOOK_MS, signal);
    return false;
  }
  if (next.do === 'rest') {
    await settleEdits(deps, posts, memory);
    return true;
  }
  await recordPost(deps, posts, { type: 'posts.ended', ...(next.why === undefined ? {} : { why: next.why }) });
  return true;
}

async function readProgress(deps: PostDeps, run: RunView, signal: AbortSignal): Promise<string | undefined> {
  if (run.state.startedAt === undefined) return undefined;
  return deps.progressOf(run, AbortSignal.any([signal, AbortSignal.timeout(PROGRESS_LIMIT_MS)]));
}

async function waitAfter({ clock, gate, onTrouble }: PostDeps, error: DrError, signal: AbortSignal): Promise<void> {
  onTrouble(error);
  if (!error.code.startsWith('CHAT_')) return clock.sleep(FAULT_MS, signal);
  gate.close(error.retryAfterMs ?? (error.code === 'CHAT_FORBIDDEN' ? FORBIDDEN_MS : FAULT_MS));
  return gate.pass(signal);
}

/** What a look has seen of a run and its messages: another look is worth it once this has changed. */
export function seenOf(posts: Pick<PostsView, 'entries'>, run: Pick<RunView, 'entries'>): string {
  return `${posts.entries.at(-1)?.id ?? ''} ${run.entries.at(-1)?.id ?? ''}`;
}
