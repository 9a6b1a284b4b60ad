/** Failures that a test asks for; the server looks them up for each request. */
export interface FaultMatch {
  verb?: string;
  /** The resource's key, `deployments.apps`: with its subresources, or one of them only, `deployments.apps/scale`. */
  resource?: string;
  name?: string | RegExp;
  path?: RegExp;
}

export type FaultKind =
  /** Answers 403, as where RBAC does not allow the call. */
  | { kind: 'refuse' }
  /** Answers with this code and nothing is done. `retryAfter` in seconds. */
  | { kind: 'status'; code: number; retryAfter?: number; message?: string }
  /** Never answers; nothing is done. */
  | { kind: 'timeout' }
  /** Cuts the connection; nothing is done. */
  | { kind: 'reset' }
  /** Does what is asked, then cuts the connection instead of answering. */
  | { kind: 'reset-after' }
  /** Waits, then goes on as usual. */
  | { kind: 'slow'; ms: number }
  /** Cuts a watch, open or new, in place of its next event, which is lost. */
  | { kind: 'drop-watch' };

export type Fault = FaultKind & {
  /** Left out: every request. */
  match?: FaultMatch;
  /** How many requests it hits; left out: all until removed. */
  times?: number;
};

export interface FaultTarget {
  verb: string;
  resource: string;
  subresource: string | undefined;
  name: string | undefined;
  path: string;
}

export interface Faults {
  /** Returns the way to remove it. Of several that match, the first added wins. */
  add(fault: Fault): () => void;
  clear(): void;
  /** The server stops listening and cuts every connection. */
  down(): Promise<void>;
  /** It listens again on the same port. */
  up(): Promise<void>;
}

export interface FaultBox {
  add(fault: Fault): () => void;
  clear(): void;
  /** The fault that this request meets, counted as used. */
  take(target: FaultTarget): FaultKind | undefined;
  /** Whether this watch is to be cut now. */
  takeDrop(target: FaultTarget): boolean;
  /** Whether such a request would be refused; asking uses nothing up. The resource `*` is refused with any. */
  refuses(target: FaultTarget): boolean;
}

function matches(match: FaultMatch, target: FaultTarget): boolean {
  const { name } = match;
  const named = name === undefined || (typeof name === 'string' ? name === target.name : name.test(target.name ?? ''));
  return (
    named &&
    (match.verb === undefined || match.verb === target.verb) &&
    (match.resource === undefined ||
      [target.resource, `${target.resource}/${target.subresource}`].includes(match.resource)) &&
    (match.path === undefined || match.path.test(target.path))
  );
}

export function createFaultBox(): FaultBox {
  let faults: { fault: Fault; left: number }[] = [];

  function find(target: FaultTarget, wanted: (fault: Fault) => boolean): Fault | undefined {
    const found = faults.find((entry) => wanted(entry.fault) && matches(entry.fault.match ?? {}, target));
    if (found === undefined) return undefined;
    found.left -= 1;
    if (found.left <= 0) faults = faults.filter((entry) => entry !== found);
    return found.fault;
  }

  return {
    add(fault) {
      const entry = { fault, left: fault.times ?? Number.POSITIVE_INFINITY };
      faults.push(entry);
      return () => {
        faults = faults.filter((other) => other !== entry);
      };
    },
    clear() {
      faults = [];
    },
    take: (target) => find(target, (fault) => fault.kind !== 'drop-watch'),
    takeDrop: (target) => find(target, (fault) => fault.kind === 'drop-watch') !== undefined,
    refuses: (target) =>
      faults.some(({ fault }) => {
        const { resource, ...match } = fault.match ?? {};
        const asked = target.resource === '*' || resource === undefined ? match : { ...match, resource };
        return fault.kind === 'refuse' && matches(asked, target);
      }),
  };
}
