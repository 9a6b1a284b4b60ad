import { createHash } from 'node:crypto';
import type { OwnerReference, Store, StoredObject } from '../cluster/store.ts';
import { matchesSelector } from './label-selector.ts';
import type { LabelSelector, PodTemplate } from './workload-types.ts';

export function controllerOf(object: StoredObject): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find((reference) => reference.controller === true);
}

export function controllerReference(owner: StoredObject): OwnerReference {
  const { apiVersion, kind, metadata } = owner;
  return { apiVersion, kind, name: metadata.name, uid: metadata.uid, controller: true, blockOwnerDeletion: true };
}

/**
 * The objects that an owner controls; orphans that fit its selector are adopted first (kube controller_ref_manager.go).
 * That is how a Deployment gets its ReplicaSets back after a restore, which strips all ownerReferences.
 */
export function claimChildren(store: Store, resource: string, owner: StoredObject, selector: LabelSelector) {
  const { namespace, uid } = owner.metadata;
  const claimed: StoredObject[] = [];
  for (const object of store.list(resource, namespace)) {
    const controller = controllerOf(object);
    if (controller?.uid === uid) claimed.push(object);
    if (controller !== undefined || object.metadata.deletionTimestamp !== undefined) continue;
    if (!matchesSelector(selector, object.metadata.labels)) continue;
    const adopted = store.modify(resource, namespace, object.metadata.name, (orphan) => {
      orphan.metadata.ownerReferences = [...(orphan.metadata.ownerReferences ?? []), controllerReference(owner)];
    });
    if (adopted !== undefined) claimed.push(adopted);
  }
  return claimed;
}

/** JSON with sorted keys, so that equal values give equal text. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).filter(([, child]) => child !== undefined);
  return `{${entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, child]) => `${JSON.stringify(key)}:${canonical(child)}`)
    .join(',')}}`;
}

/** A short name-safe digest without vowels, as rand.SafeEncodeString writes. */
export function safeHash(value: unknown): string {
  const alphabet = 'bcdfghjklmnpqrstvwxz2456789';
  const digest = createHash('sha256').update(canonical(value)).digest().subarray(0, 10);
  return [...digest].map((byte) => alphabet[byte % alphabet.length]).join('');
}

/** Whether two pod templates are the same but for the label that tells ReplicaSets apart. */
export function sameTemplate(a: PodTemplate, b: PodTemplate): boolean {
  return canonical(withoutHash(a)) === canonical(withoutHash(b));
}

function withoutHash(template: PodTemplate): PodTemplate {
  const { 'pod-template-hash': _hash, ...labels } = template.metadata?.labels ?? {};
  return { ...template, metadata: { ...template.metadata, labels } };
}
