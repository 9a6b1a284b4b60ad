import { StatusError } from '../cluster/status-error.ts';
import type { Store, StoredObject } from '../cluster/store.ts';

const FIRST_RETRY_MS = 20;
const LAST_RETRY_MS = 1000;

export interface WorkLoop {
  /** Asks for a look at the key, at once or after `ms`; asking twice is asking once, the earlier time counts. */
  enqueue(key: string, ms?: number): void;
  /** Looks at every object again, as after a restart. */
  resync(): void;
  /** Ends the loop; no timer is left. */
  stop(): void;
}

export interface WorkLoopOptions {
  /** For each watched resource: the keys that a change of one of its objects concerns. */
  watches: Record<string, (object: StoredObject) => string[]>;
  /** Brings one key in line with what is wanted. Returns the ms after which to look again, if at all. */
  reconcile: (key: string) => number | undefined;
}

type Queue = Pick<WorkLoop, 'enqueue' | 'stop'>;

/** Hands out each key once, when its time has come. */
function createQueue(look: (key: string) => void): Queue {
  const ready = new Set<string>();
  const later = new Map<string, { timer: NodeJS.Timeout; at: number }>();
  let immediate: NodeJS.Immediate | undefined;
  let stopped = false;

  function drain(): void {
    immediate = undefined;
    const keys = [...ready];
    ready.clear();
    for (const key of keys) if (!stopped) look(key);
  }

  function enqueue(key: string, ms = 0): void {
    if (stopped || ready.has(key)) return;
    const at = Date.now() + ms;
    const waiting = later.get(key);
    if (waiting !== undefined && waiting.at <= at) return;
    clearTimeout(waiting?.timer);
    later.delete(key);
    if (ms > 0) {
      const timer = setTimeout(() => later.delete(key) && enqueue(key), ms);
      later.set(key, { timer, at });
      return;
    }
    ready.add(key);
    immediate ??= setImmediate(drain);
  }

  function stop(): void {
    stopped = true;
    clearImmediate(immediate);
    for (const { timer } of later.values()) clearTimeout(timer);
  }

  return { enqueue, stop };
}

/**
 * A controller's loop: changes become keys, keys are looked at once however many changes there were.
 * A refusal by the API is tried again with back-off, as client-go's rate-limited queue does; any other error is a bug and surfaces.
 */
export function startWorkLoop(store: Store, { watches, reconcile }: WorkLoopOptions): WorkLoop {
  const failures = new Map<string, number>();

  const queue = createQueue((key) => {
    try {
      const again = reconcile(key);
      failures.delete(key);
      if (again !== undefined) queue.enqueue(key, Math.max(1, again));
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      const count = failures.get(key) ?? 0;
      failures.set(key, count + 1);
      queue.enqueue(key, Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** count));
    }
  });

  function resync(): void {
    for (const [resource, keysOf] of Object.entries(watches)) {
      for (const object of store.list(resource)) for (const key of keysOf(object)) queue.enqueue(key);
    }
  }

  const unsubscribe = store.subscribe((change) => {
    for (const key of watches[change.resource]?.(change.object) ?? []) queue.enqueue(key);
  });
  resync();
  const stop = () => {
    unsubscribe();
    queue.stop();
  };
  return { enqueue: queue.enqueue, resync, stop };
}

/** `namespace/name`, the key of a namespaced object. */
export function keyOf(object: StoredObject): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
}

export function splitKey(key: string): [namespace: string, name: string] {
  const slash = key.indexOf('/');
  return [key.slice(0, slash), key.slice(slash + 1)];
}
