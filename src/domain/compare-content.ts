import { hashJson } from './digest.ts';
import type { Json } from './plan.ts';
import { type ListedObject, nameObject } from './velero-files.ts';

export interface LiveObject {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
}

/** What there is in a namespace, of the kinds that were asked for. */
export interface LiveContent {
  objects: LiveObject[];
  /** The `apiVersion/Kind`s that the cluster serves. */
  served: ReadonlySet<string>;
  /** The `apiVersion/Kind`s that Muster may not list here, and what a human does about each. */
  unseen: ReadonlyMap<string, string>;
}

/** What a restore will do with each object of the backup, by existence: with policy `none` an existing object is never changed. */
export interface ContentPlan {
  create: ListedObject[];
  /** They exist already and stay as they are. */
  skip: (ListedObject & { uid: string })[];
  /** The cluster does not serve their kind: a CRD is missing. */
  unserved: ListedObject[];
  /** Whether they exist could not be looked at: those that do stay as they are, the others are created. `action`: what a human does about it. */
  unseen: (ListedObject & { action: string })[];
}

/** Velero never restores these (restore_controller.go nonRestorableResources). */
const NOT_RESTORABLE = /(^|\/)(Event|Node|Backup|Restore|CSINode|VolumeAttachment|BackupRepository)$/;

/** The objects of one namespace that a restore takes from a backup's list. */
export function selectRestorable(objects: readonly ListedObject[], namespace: string): ListedObject[] {
  return objects.filter((it) => it.namespace === namespace && !NOT_RESTORABLE.test(`${it.apiVersion}/${it.kind}`));
}

/** `served`: the `apiVersion/Kind`s that the cluster has; `unseen`: those of them that could not be listed. */
export function compareContent(
  listed: readonly ListedObject[],
  { objects: live, served, unseen }: LiveContent,
): ContentPlan {
  const uids = new Map(live.map((it) => [keyOf(it), it.uid]));
  const plan: ContentPlan = { create: [], skip: [], unserved: [], unseen: [] };
  for (const object of listed) {
    const uid = uids.get(keyOf(object));
    const kind = `${object.apiVersion}/${object.kind}`;
    const action = unseen.get(kind);
    if (uid !== undefined) plan.skip.push({ ...object, uid });
    else if (action !== undefined) plan.unseen.push({ ...object, action });
    else if (served.has(kind)) plan.create.push(object);
    else plan.unserved.push(object);
  }
  return plan;
}

/** Kubernetes makes these in every namespace by itself, so whether Velero or it comes first is chance. */
export const MADE_BY_KUBERNETES = ['v1/ConfigMap/kube-root-ca.crt', 'v1/ServiceAccount/default'];

export function isMadeByKubernetes(object: Pick<ListedObject, 'apiVersion' | 'kind' | 'name'>): boolean {
  return MADE_BY_KUBERNETES.includes(keyOf(object));
}

/** `services`: the live ones that select pods. Their endpoints are made, and cleared up, by Kubernetes' own controllers. */
export function isMadeForService({ kind, name }: ListedObject, services: readonly string[]): boolean {
  if (kind === 'Endpoints') return services.includes(name);
  return (
    kind === 'EndpointSlice' &&
    services.some((service) => /^-[a-z0-9]+$/.test(name.slice(service.length)) && name.startsWith(service))
  );
}

export function keyOf({ apiVersion, kind, name }: Pick<ListedObject, 'apiVersion' | 'kind' | 'name'>): string {
  return `${apiVersion}/${kind}/${name}`;
}

/** How many names a plan carries: it must fit into the annotations of an object. The hash covers them all. */
const NAMES_KEPT = 600;

/** A set of objects as a fact; with UIDs for those that exist, so that a replaced object voids the approval. */
export function setFact(objects: readonly (ListedObject & { uid?: string })[]): Json {
  const set = objects.map((it) => `${keyOf(it)} ${it.uid ?? ''}`).sort();
  return { count: set.length, hash: hashJson(set), names: objects.map(keyOf).sort().slice(0, NAMES_KEPT) };
}

/** `12 ConfigMaps, 4 Deployments`: how many of each kind, the most first. */
export function countKinds(objects: readonly Pick<ListedObject, 'kind'>[]): string {
  const counts = new Map<string, number>();
  for (const { kind } of objects) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts]
    .sort(([a, n], [b, m]) => m - n || a.localeCompare(b))
    .map(([kind, n]) => `${n} ${kind}`)
    .join(', ');
}

/** At most `limit` names, and how many more there are. */
export function nameSome(objects: readonly Pick<ListedObject, 'kind' | 'name'>[], limit = 5): string {
  const names = objects.slice(0, limit).map(nameObject).join(', ');
  return objects.length > limit ? `${names} and ${objects.length - limit} more` : names;
}
