import type { Bucket } from '../../../sandbox/velero/bucket.ts';
import type { VeleroFaults } from '../../../sandbox/velero/faults.ts';
import { VELERO_NAMESPACE } from '../../../sandbox/velero/velero-types.ts';
import type { Admin } from '../access.ts';
import type { Translation } from './older-versions.ts';

/** What goes wrong with Velero, as the sandbox's own Velero knows it, and two faults more. */
export type StandInFaults = VeleroFaults & {
  /** DownloadRequests stay unanswered, all else goes on. */
  ignoreDownloads?: boolean | undefined;
  /** What the server says it is. */
  version?: string | undefined;
};

/** What the parts of the stand-in for Velero work with. */
export interface StandInContext {
  admin: Admin;
  translation: Translation;
  bucket: Bucket;
  faults: StandInFaults;
}

export const VELERO_API = `/apis/velero.io/v1/namespaces/${VELERO_NAMESPACE}`;

/** All of Velero's objects of a kind, as `restores`. */
export async function list<T>(admin: Admin, plural: string): Promise<T[]> {
  return ((await admin.must('GET', `${VELERO_API}/${plural}`)) as { items: T[] }).items;
}
