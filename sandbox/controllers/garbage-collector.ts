import { resources } from '../cluster/resources.ts';
import type { Store, StoredObject } from '../cluster/store.ts';
import { startWorkLoop, type WorkLoop } from './work-loop.ts';

const SWEEP = 'sweep';

/** Deletes, in the background, what has owners none of which exists any more. */
export function startGarbageCollector(store: Store): WorkLoop {
  function objects(): { resource: string; object: StoredObject }[] {
    return resources.flatMap(({ key }) => store.list(key).map((object) => ({ resource: key, object })));
  }

  function reconcile(): number | undefined {
    const all = objects();
    const live = new Set(all.map(({ object }) => object.metadata.uid));
    for (const { resource, object } of all) {
      const { namespace, name, uid, ownerReferences = [], deletionTimestamp } = object.metadata;
      if (ownerReferences.length === 0 || deletionTimestamp !== undefined) continue;
      if (ownerReferences.every((owner) => !live.has(owner.uid))) store.remove(resource, namespace, name, { uid });
    }
    return undefined;
  }

  const loop = startWorkLoop(store, { watches: {}, reconcile });
  const unsubscribe = store.subscribe(({ type, object }) => {
    const owned = type === 'ADDED' && (object.metadata.ownerReferences ?? []).length > 0;
    if (owned || type === 'DELETED') loop.enqueue(SWEEP);
  });
  loop.enqueue(SWEEP);
  return {
    ...loop,
    stop() {
      unsubscribe();
      loop.stop();
    },
  };
}
