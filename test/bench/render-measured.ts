import { type Bounded, type Measured, missedBy, spreadOf } from './measure.ts';

/** The outcome of one benchmark, as lines. */
export function renderMeasured({ bounds, notes }: Measured): string[] {
  return [...bounds.map(renderBound), ...notes.map(({ what, value }) => `      ${what}: ${value}`)];
}

function renderBound(bound: Bounded): string {
  const { median, min, max } = spreadOf(bound.rounds);
  const by = missedBy(bound);
  const verdict = by === undefined ? 'ok  ' : 'MISS';
  const over = by === undefined ? '' : `; missed by ${renderMs(by)}`;
  const spread = `median of ${bound.rounds.length} ${renderMs(median)}, min ${renderMs(min)}, max ${renderMs(max)}`;
  return `${verdict}  ${bound.what}: ${spread}; must be under ${renderMs(bound.limitMs)}${over}`;
}

/** The last lines: which bounds are missed and by how much. */
export function renderVerdict(bounds: readonly Bounded[]): string[] {
  const missed = bounds.filter((bound) => missedBy(bound) !== undefined);
  if (missed.length === 0) return [`All ${bounds.length} bounds are met.`];
  return missed.map((bound) => `MISSED: ${bound.what}, by ${renderMs(missedBy(bound) ?? 0)}.`);
}

/** Whole milliseconds from ten on; below that one decimal counts. */
export function renderMs(ms: number): string {
  return `${ms < 10 ? Number(ms.toFixed(1)) : Math.round(ms)} ms`;
}
