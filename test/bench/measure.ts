/** The value that this share (0 to 1) of the samples does not exceed, by nearest rank. @throws Error without samples */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const found = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (found === undefined) throw new Error('nothing was measured');
  return found;
}

export interface Spread {
  median: number;
  min: number;
  max: number;
}

export function spreadOf(samples: readonly number[]): Spread {
  return { median: percentile(samples, 0.5), min: percentile(samples, 0), max: percentile(samples, 1) };
}

/** One bound and what was measured of it, a number for each round. */
export interface Bounded {
  what: string;
  limit: number;
  /** Left out: ms; `x`: a ratio. */
  unit?: Unit;
  rounds: readonly number[];
}

export type Unit = 'ms' | 'MB' | 'x';

/** Something that is reported and has no bound. */
export interface Noted {
  what: string;
  value: string;
}

export interface Measured {
  bounds: readonly Bounded[];
  notes: readonly Noted[];
}

/** By how much the median misses the bound; undefined where it is met. The bound itself is missed: it says "under". */
export function missedBy({ limit, rounds }: Bounded): number | undefined {
  const { median } = spreadOf(rounds);
  return median < limit ? undefined : median - limit;
}
