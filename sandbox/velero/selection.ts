import { type Resource, resources } from '../cluster/resources.ts';
import type { StoredObject } from '../cluster/store.ts';
import { matchesSelector } from '../controllers/label-selector.ts';
import type { Selection } from './velero-types.ts';

type Names = string[] | null | undefined;

function fits(pattern: string, name: string): boolean {
  const literal = pattern.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${literal.replaceAll('*', '.*').replaceAll('?', '.')}$`).test(name);
}

function contains(names: Names, resource: Resource): boolean {
  const known = [resource.key, resource.plural, resource.singular, ...resource.shortNames];
  return (names ?? []).some((name) => name === '*' || known.includes(name));
}

/** Names everything: no list, an empty one, or `*`. */
export function isEverything(names: Names): boolean {
  return (names ?? []).length === 0 || (names ?? []).includes('*');
}

export function includesNamespace(selection: Selection, namespace: string): boolean {
  const { includedNamespaces, excludedNamespaces } = selection;
  if ((excludedNamespaces ?? []).some((pattern) => fits(pattern, namespace))) return false;
  return isEverything(includedNamespaces) || (includedNamespaces ?? []).some((pattern) => fits(pattern, namespace));
}

export function includesResource(selection: Selection, resource: Resource): boolean {
  if (contains(selection.excludedResources, resource)) return false;
  return isEverything(selection.includedResources) || contains(selection.includedResources, resource);
}

/** The selector is matched on each object's own labels; what it refers to is not followed. */
export function includesLabels(selection: Selection, { metadata }: StoredObject): boolean {
  const either = selection.orLabelSelectors ?? [];
  if (either.length > 0) return either.some((selector) => matchesSelector(selector, metadata.labels));
  return matchesSelector(selection.labelSelector ?? undefined, metadata.labels);
}

/** Cluster-scoped objects come along only with all namespaces, or when asked for. */
export function includesClusterScope(selection: Selection): boolean {
  if (typeof selection.includeClusterResources === 'boolean') return selection.includeClusterResources;
  return isEverything(selection.includedNamespaces) && (selection.excludedNamespaces ?? []).length === 0;
}

/** Velero v1.18 `pkg/cmd/server/config` defaultRestorePriorities; what is not named follows in alphabetical order. */
const PRIORITIES = [
  'customresourcedefinitions.apiextensions.k8s.io',
  'namespaces',
  'storageclasses.storage.k8s.io',
  'persistentvolumes',
  'persistentvolumeclaims',
  'serviceaccounts',
  'secrets',
  'configmaps',
  'limitranges',
  'pods',
  'replicasets.apps',
  'endpoints',
  'services',
];

/** The order in which resources are backed up and restored. */
export function inPriorityOrder(): Resource[] {
  const rank = ({ key }: Resource) => (PRIORITIES.includes(key) ? PRIORITIES.indexOf(key) : PRIORITIES.length);
  return [...resources].sort((a, b) => rank(a) - rank(b) || (a.key < b.key ? -1 : 1));
}
