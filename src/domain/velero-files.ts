import { z } from 'zod';
import type { BackupStorageLocation } from './velero.ts';

/** Velero's files in object storage that Muster may read. Never BackupContents: it holds every Secret. */
export const READABLE_FILES = [
  'BackupResourceList',
  'BackupVolumeInfos',
  'BackupResults',
  'BackupLog',
  'RestoreResourceList',
  'RestoreResults',
  'RestoreLog',
] as const;
export type ReadableFile = (typeof READABLE_FILES)[number];

/** By `apps/v1/Deployment`: `namespace/name`, or `name` for cluster-scoped; a restore's entries end in `(created)` and the like. */
export const ResourceList = z.record(z.string(), z.array(z.string()));
export type ResourceList = z.infer<typeof ResourceList>;

const messages = z
  .object({
    velero: z.array(z.string()).nullish(),
    cluster: z.array(z.string()).nullish(),
    namespaces: z.record(z.string(), z.array(z.string())).nullish(),
  })
  .nullish();

export const Results = z.object({ warnings: messages, errors: messages });
export type Results = z.infer<typeof Results>;

export const VolumeInfos = z.array(
  z.looseObject({
    pvcName: z.string().optional(),
    pvcNamespace: z.string().optional(),
    backupMethod: z.string().optional(),
    /** `succeeded`, `failed`, `skipped`. */
    result: z.string().optional(),
    skipped: z.boolean().optional(),
    skippedReason: z.string().optional(),
    snapshotDataMovementInfo: z.looseObject({ size: z.number().optional() }).nullish(),
    pvbInfo: z.looseObject({ size: z.number().optional() }).nullish(),
  }),
);
export type VolumeInfos = z.infer<typeof VolumeInfos>;

/** The hosts that signed URLs of this location may point to; empty where they cannot be known. */
export function storageHosts({ spec }: BackupStorageLocation): string[] {
  const { config = {}, provider = '' } = z
    .looseObject({
      provider: z.string().optional(),
      config: z
        .record(z.string(), z.string())
        .nullish()
        .transform((it) => it ?? {}),
    })
    .parse(spec);
  const own = [config['publicUrl'], config['s3Url']].flatMap((url) =>
    url !== undefined && URL.canParse(url) ? [new URL(url).host] : [],
  );
  if (own.length > 0) return own;
  if (provider.endsWith('aws')) return ['*.amazonaws.com'];
  if (provider.endsWith('gcp')) return ['storage.googleapis.com'];
  if (provider.endsWith('azure')) return ['*.blob.core.windows.net'];
  return [];
}

/** One object of a resource list. */
export interface ListedObject {
  /** `apps/v1` or `v1`. */
  apiVersion: string;
  kind: string;
  /** Empty for cluster-scoped. */
  namespace: string;
  name: string;
  /** What a restore did with it; empty in a backup's list. */
  action: string;
}

/** `{"apps/v1/Deployment": ["shop/web(created)"]}` as objects. */
export function listObjects(list: ResourceList): ListedObject[] {
  return Object.entries(list).flatMap(([group, entries]) => {
    const cut = group.lastIndexOf('/');
    const [apiVersion, kind] = [group.slice(0, cut), group.slice(cut + 1)];
    return entries.map((entry) => {
      const [, path = entry, action = ''] = /^(.*?)(?:\(([a-z]+)\))?$/.exec(entry) ?? [];
      const slash = path.indexOf('/');
      return {
        apiVersion,
        kind,
        namespace: slash === -1 ? '' : path.slice(0, slash),
        name: path.slice(slash + 1),
        action,
      };
    });
  });
}

/** `deployment/normalization-service`: how objects are named to people. */
export function nameObject({ kind, name }: Pick<ListedObject, 'kind' | 'name'>): string {
  return `${kind.toLowerCase()}/${name}`;
}

const WORKLOADS = ['apps/v1/Deployment', 'apps/v1/StatefulSet', 'apps/v1/DaemonSet'];

/** The objects that run something: what a restored namespace is for. */
export function workloadsOf(objects: readonly ListedObject[], namespace: string): ListedObject[] {
  return objects.filter((it) => it.namespace === namespace && WORKLOADS.includes(`${it.apiVersion}/${it.kind}`));
}
