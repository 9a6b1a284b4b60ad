/** So many ask at once. */
const ASKING = 8;

/** Asks, unless so many ask already: a cluster that is slow or away keeps no more than these waiting. */
export function unlessBusy<A extends unknown[], T>(
  ask: (...about: A) => Promise<T>,
): (...about: A) => Promise<T> | 'busy' {
  let asking = 0;
  return (...about) => {
    if (asking >= ASKING) return 'busy';
    asking += 1;
    return ask(...about).finally(() => {
      asking -= 1;
    });
  };
}
