import { runOfPosts } from '../domain/posts.ts';
import type { Ledger } from '../ports.ts';
import { runStream } from './record.ts';

/**
 * What this process has seen come to rest: such a stream needs no look until something is recorded in it, or its time has come. It
 * holds no truth: a new process knows nothing and looks at everything.
 */
export interface Rests {
  /** `seen`: the last entries, as the look answered them; `until` in ms since 1970. */
  note(stream: string, seen: string, until: number): void;
  /** Those of the unfinished streams that need a look now; any other stream is forgotten. @throws DrError LEDGER_UNREACHABLE */
  findDue(ledger: Pick<Ledger, 'lastIds'>, unfinished: readonly string[], now: number): Promise<string[]>;
}

export function createRests(): Rests {
  let resting = new Map<string, { seen: string; until: number }>();
  return {
    note: (stream, seen, until) => void resting.set(stream, { seen, until }),
    findDue: async (ledger, unfinished, now) => {
      const known = unfinished.filter((stream) => resting.has(stream));
      const lastIds = await ledger.lastIds([...new Set(known.flatMap(streamsOf))]);
      const still = new Map<string, { seen: string; until: number }>();
      for (const stream of known) {
        const rest = resting.get(stream);
        const last = streamsOf(stream).map((name) => lastIds.get(name) ?? '');
        if (rest !== undefined && now < rest.until && rest.seen === last.join(' ')) still.set(stream, rest);
      }
      resting = still;
      return unfinished.filter((stream) => !still.has(stream));
    },
  };
}

/** The streams whose entries a look at this one has read, in the order in which `seen` names them. */
function streamsOf(stream: string): string[] {
  const run = runOfPosts(stream);
  return run === undefined ? [stream] : [stream, runStream(run)];
}
