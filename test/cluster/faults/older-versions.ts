/** What a kind was served under before the version that Muster and the backups use; their fields are the same there. */
const BEFORE: { since: number; now: string; before: string }[] = [
  { since: 21, now: 'discovery.k8s.io/v1', before: 'discovery.k8s.io/v1beta1' },
  { since: 21, now: 'policy/v1', before: 'policy/v1beta1' },
  { since: 23, now: 'autoscaling/v2', before: 'autoscaling/v2beta2' },
];

/** Between the versions of today and those that an API server of some age serves. */
export interface Translation {
  /** As `discovery.k8s.io/v1 as v1beta1`, for people. */
  described: string[];
  /** A request's path, as the server knows it. */
  toServer(path: string): string;
  bodyToServer(text: string): string;
  bodyFromServer(text: string): string;
}

/** `minor`: of the server, 20 for v1.20.2. A server that serves them all gets everything unchanged. */
export function translateFor(minor: number): Translation {
  const pairs = BEFORE.filter(({ since }) => minor < since);
  const swap = (text: string, from: 'now' | 'before', to: 'now' | 'before') =>
    pairs.reduce((changed, pair) => changed.replaceAll(`"${pair[from]}"`, `"${pair[to]}"`), text);
  return {
    described: pairs.map(({ now, before }) => `${now} as ${before.split('/')[1]}`),
    toServer: (path) => {
      const pair = pairs.find(({ now }) => new RegExp(`^/apis/${now.replaceAll('.', '\\.')}(?=[/?]|$)`).test(path));
      return pair === undefined ? path : path.replace(pair.now, pair.before);
    },
    bodyToServer: (text) => swap(text, 'now', 'before'),
    bodyFromServer: (text) => swap(text, 'before', 'now'),
  };
}
