import type { Draft, Store } from '../cluster/store.ts';

/** Creates the object unless one of its name is there, whatever that one looks like. */
export function ensureObject(store: Store, resource: string, draft: Draft): void {
  const { namespace, name = '' } = draft.metadata;
  if (store.get(resource, namespace, name) === undefined) store.create(resource, draft);
}
