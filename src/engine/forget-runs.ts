import { postsStream } from '../domain/posts.ts';
import { isDrError } from '../errors.ts';
import type { EngineDeps } from './deps.ts';
import { readRun } from './record.ts';
import { readPosts } from './record-post.ts';

/** How long a run is kept after its end, in ms: 90 days. The newest are kept however old they are. */
export const KEEP_MS = 90 * 24 * 3_600_000;
export const KEEP_NEWEST = 200;
/** How many are deleted in one sweep, and how many are looked at: Redis has other things to do. */
const BATCH = 20;
const LOOKED_AT = 100;

/**
 * Deletes runs that were over long ago, with their messages, a few in each sweep. Never one that is unfinished, nor one that a newer
 * Muster wrote to or another installation owns. What was claimed of them (deliveries) has gone by itself within a day. Answers how many.
 * @throws DrError LEDGER_UNREACHABLE
 */
export async function forgetRuns(
  { ledger, clock, log }: Pick<EngineDeps, 'ledger' | 'clock' | 'log'>,
  unfinished: readonly string[],
): Promise<number> {
  const before = clock.now() - KEEP_MS;
  const installation = await ledger.installation();
  const open = new Set(unfinished);
  let forgotten = 0;
  for (const stream of await ledger.oldest(LOOKED_AT, KEEP_NEWEST)) {
    if (forgotten >= BATCH) break;
    if (open.has(stream)) continue;
    const view = await readRun(ledger, stream).catch((thrown: unknown) => {
      if (isDrError(thrown, 'RUN_NOT_FOUND', 'RUN_NEWER')) return undefined;
      throw thrown;
    });
    const { state, entries } = view ?? {};
    // The oldest come first: those behind it are younger.
    if (state !== undefined && state.requestedAt > before) break;
    const ours = state?.installation === installation && state.foreign === undefined;
    if (!ours || state.endedAt === undefined || state.endedAt > before) continue;
    if ((await readPosts(ledger, state.request.run)).state.foreign !== undefined) continue;
    if (await ledger.forget(stream, postsStream(state.request.run), entries?.at(-1)?.id ?? '')) forgotten += 1;
  }
  if (forgotten > 0) log.info({ forgotten }, 'runs that were over more than 90 days ago are deleted');
  return forgotten;
}
