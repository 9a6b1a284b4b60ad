/** Powers of ten and of two by their suffix (apimachinery `api/resource/suffix.go`). */
const SUFFIXES: Record<string, number> = {
  '': 1,
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/**
 * A Kubernetes quantity as a number of its unit: `500m` is 0.5, `2Gi` is 2147483648, `1e3` is 1000, `1E` is 10^18; undefined for
 * anything else (apimachinery `api/resource/quantity.go`). To the precision of a double.
 */
export function parseQuantity(text: string | number): number | undefined {
  const found = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:([eE][+-]?\d+)|([numkMGTPE]|[KMGTPE]i)?)$/.exec(String(text));
  if (found === null) return undefined;
  const [, digits = '', exponent = '', suffix = ''] = found;
  const factor = SUFFIXES[suffix];
  return factor === undefined ? undefined : Number(`${digits}${exponent}`) * factor;
}
