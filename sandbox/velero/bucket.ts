import type { StoredObject } from '../cluster/store.ts';
import type { VolumeContent } from '../controllers/volume-data.ts';

/** The data of a volume in a backup. */
export interface BackedUpVolume {
  method: 'PodVolumeBackup' | 'CSISnapshot';
  namespace: string;
  claim: string;
  persistentVolume: string;
  /** The pod that drives a file-system backup, and the volume's name in it. */
  pod?: string;
  volume?: string;
  snapshotId: string;
  bytes: number;
  content: VolumeContent;
}

export interface BackedUpItem {
  /** The resource's key: `deployments.apps`. */
  resource: string;
  object: StoredObject;
}

export interface BackupContent {
  items: BackedUpItem[];
  volumes: BackedUpVolume[];
}

/** The object storage behind the storage location: what Velero's S3 bucket holds, in memory. */
export interface Bucket {
  /** By backup name. */
  backups: Map<string, BackupContent>;
  /** By `<kind of download>/<name>`, uncompressed; a function is asked when the file is read. */
  files: Map<string, string | (() => string)>;
}

export function createBucket(): Bucket {
  return { backups: new Map(), files: new Map() };
}

export function putJson(bucket: Bucket, kind: string, name: string, value: unknown): void {
  bucket.files.set(`${kind}/${name}`, JSON.stringify(value));
}
