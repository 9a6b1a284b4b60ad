import type { Change, ChangeType, StoredObject } from './stored-object.ts';

/** Older changes are forgotten beyond this many, as etcd compacts: a watch from before gets 410. */
const HISTORY_LIMIT = 20_000;

export interface History {
  revision(): number;
  record(type: ChangeType, resource: string, object: StoredObject, previous?: StoredObject): void;
  subscribe(listener: (change: Change) => void): () => void;
  changesSince(revision: number): Change[] | 'expired';
  compact(): void;
}

/** The numbered list of changes, and those who listen to it. */
export function createHistory(): History {
  const listeners = new Set<(change: Change) => void>();
  const waiting: Change[] = [];
  let changes: Change[] = [];
  let revision = 1;
  let horizon = 1;
  let delivering = false;

  // A listener may write; its change waits until every listener has seen the present one.
  function deliver(): void {
    if (delivering) return;
    delivering = true;
    for (let change = waiting.shift(); change !== undefined; change = waiting.shift()) {
      for (const listener of [...listeners]) notify(listener, change);
    }
    delivering = false;
  }

  return {
    revision: () => revision,
    record(type, resource, object, previous) {
      revision += 1;
      const change: Change = { type, resource, object, revision, ...(previous === undefined ? {} : { previous }) };
      changes.push(change);
      if (changes.length > HISTORY_LIMIT) {
        changes = changes.slice(HISTORY_LIMIT / 2);
        horizon = (changes[0]?.revision ?? revision) - 1;
      }
      waiting.push(change);
      deliver();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    changesSince(since) {
      if (since < horizon) return 'expired';
      return changes.filter((change) => change.revision > since);
    },
    compact() {
      changes = [];
      horizon = revision;
    },
  };
}

// A listener's failure is not the writer's: it surfaces as an uncaught exception of its own.
function notify(listener: (change: Change) => void, change: Change): void {
  try {
    listener(change);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
