import { type Bounded, type Measured, missedBy, spreadOf, type Unit } from './measure.ts';

/** The outcome of one benchmark, as lines. */
export function renderMeasured({ bounds, notes }: Measured): string[] {
  return [...bounds.map(renderBound), ...notes.map(({ what, value }) => `      ${what}: ${value}`)];
}

function renderBound(bound: Bounded): string {
  const { median, min, max } = spreadOf(bound.rounds);
  const by = missedBy(bound);
  const verdict = by === undefined ? 'ok  ' : 'MISS';
  const show = (value: number) => renderValue(value, bound.unit);
  const over = by === undefined ? '' : `; missed by ${show(by)}`;
  const spread = `median of ${bound.rounds.length} ${show(median)}, min ${show(min)}, max ${show(max)}`;
  return `${verdict}  ${bound.what}: ${spread}; must be under ${show(bound.limit)}${over}`;
}

/** The last lines: which bounds are missed and by how much. */
export function renderVerdict(bounds: readonly Bounded[]): string[] {
  const missed = bounds.filter((bound) => missedBy(bound) !== undefined);
  if (missed.length === 0) return [`All ${bounds.length} bounds are met.`];
  return missed.map((bound) => `MISSED: ${bound.what}, by ${renderValue(missedBy(bound) ?? 0, bound.unit)}.`);
}

function renderValue(value: number, unit: Unit = 'ms'): string {
  if (unit === 'ms') return renderMs(value);
  return unit === 'x' ? `${value.toFixed(2)} x` : `${Math.round(value)} MB`;
}

/** Whole milliseconds from ten on; below that one decimal counts. */
export function renderMs(ms: number): string {
  return `${ms < 10 ? Number(ms.toFixed(1)) : Math.round(ms)} ms`;
}
