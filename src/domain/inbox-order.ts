/** The later of two entries of the inbox (`<ms>-<n>`); '' is before all. */
export function laterEntry(a: string, b: string): string {
  return isAfter(a, b) ? a : b;
}

/** When Redis took it, ms since 1970. */
export function entryMs(id: string): number {
  return split(id)[0];
}

function isAfter(a: string, b: string): boolean {
  const [aMs, aCount] = split(a);
  const [bMs, bCount] = split(b);
  return aMs > bMs || (aMs === bMs && aCount > bCount);
}

function split(id: string): [number, number] {
  const [ms = '', count = ''] = id.split('-');
  return [ms === '' ? -1 : Number(ms), Number(count)];
}
