/** The store's data and seams: types only. */
export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
}

interface WritableMetadata {
  generateName?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  finalizers?: string[];
  ownerReferences?: OwnerReference[];
  [field: string]: unknown;
}

export interface Metadata extends WritableMetadata {
  name: string;
  namespace?: string;
  uid: string;
  resourceVersion: string;
  generation?: number;
  /** RFC 3339, whole seconds. */
  creationTimestamp: string;
  /** When a graceful deletion ends at the latest: the request's time plus the grace period. */
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
}

/** An object as the API shows it; everything but metadata is JSON that the reader has to check. */
export interface StoredObject {
  apiVersion: string;
  kind: string;
  metadata: Metadata;
  [field: string]: unknown;
}

/** What is sent to create an object. */
export interface Draft {
  apiVersion?: string;
  kind?: string;
  metadata: WritableMetadata & { name?: string; namespace?: string };
  [field: string]: unknown;
}

export type ChangeType = 'ADDED' | 'MODIFIED' | 'DELETED';

export interface Change {
  type: ChangeType;
  /** The resource's key: `pods`, `deployments.apps`. */
  resource: string;
  object: StoredObject;
  /** The state before; missing for ADDED. Filtered watches need it. */
  previous?: StoredObject;
  revision: number;
}

export interface WriteOptions {
  /** Checks and answers as always, and stores nothing. */
  dryRun?: boolean;
}

export interface RemoveOptions extends WriteOptions {
  uid?: string;
  resourceVersion?: string;
  /** Counts for pods only; 0 removes at once. */
  gracePeriodSeconds?: number;
}

export interface Store {
  /** The number of the last change; 1 in a new store. */
  revision(): number;
  get(resource: string, namespace: string | undefined, name: string): StoredObject | undefined;
  /** Sorted by namespace and name, as etcd's keys are. */
  list(resource: string, namespace?: string): StoredObject[];
  /** @throws StatusError 409 AlreadyExists, 404 for a missing namespace, 403 where the namespace is terminating */
  create(resource: string, draft: Draft, options?: WriteOptions): StoredObject;
  /**
   * Replaces the object if its resourceVersion is still the stored one. No change: the same resourceVersion.
   * Removes it when it is being deleted and its last finalizer is gone (a namespace: also spec.finalizers).
   * @throws StatusError 404, 409 Conflict
   */
  update(resource: string, object: StoredObject, options?: WriteOptions): StoredObject;
  /** Reads, changes and writes in one go; undefined where there is no such object. */
  modify(
    resource: string,
    namespace: string | undefined,
    name: string,
    change: (object: StoredObject) => void,
  ): StoredObject | undefined;
  /**
   * Deletes as the API does: an object with finalizers, a namespace, and a pod with a grace period are only marked;
   * its controller finishes the job. Returns the last state; undefined where there is no such object.
   * @throws StatusError 409 Conflict where a precondition does not hold
   */
  remove(
    resource: string,
    namespace: string | undefined,
    name: string,
    options?: RemoveOptions,
  ): StoredObject | undefined;
  /** Takes the object away at once, whatever its finalizers. */
  purge(resource: string, namespace: string | undefined, name: string): void;
  /** Changes arrive in the order of their revisions, also where a listener writes. Returns the way to stop. */
  subscribe(listener: (change: Change) => void): () => void;
  /** The changes after a revision; `expired` where the history no longer reaches back to it. */
  changesSince(revision: number): Change[] | 'expired';
  /** Forgets the history up to now: watches that start before it get 410. */
  compact(): void;
}
