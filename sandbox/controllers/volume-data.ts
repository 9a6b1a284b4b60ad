import type { Store, StoredObject } from '../cluster/store.ts';

/** A table in a volume, as far as anybody asks. */
export interface TableData {
  rows: number;
  /** The time of the newest row, in seconds since 1970. */
  newest: number;
}

/** By `database.table`. */
export type VolumeContent = Readonly<Record<string, TableData>>;

/** By the claim's uid: a claim that is made anew has another volume, which is empty. */
const volumes = new WeakMap<Store, Map<string, VolumeContent>>();

export function readVolume(store: Store, claim: StoredObject): VolumeContent {
  return volumes.get(store)?.get(claim.metadata.uid) ?? {};
}

export function writeVolume(store: Store, claim: StoredObject, content: VolumeContent): void {
  const all = volumes.get(store) ?? new Map<string, VolumeContent>();
  volumes.set(store, all.set(claim.metadata.uid, content));
}

/** The content as a backup of that time has it: nothing in it is newer. */
export function asOf(content: VolumeContent, at: Date): VolumeContent {
  const seconds = Math.floor(at.getTime() / 1_000);
  const entries = Object.entries(content);
  return Object.fromEntries(
    entries.map(([table, { rows, newest }]) => [table, { rows, newest: Math.min(newest, seconds) }]),
  );
}
