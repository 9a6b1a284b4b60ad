import type { Policy } from '../domain/policy.ts';

/** The namespaces that the policy names one by one for this cluster. */
export function namespacesOn(policy: Policy | undefined, cluster: string): string[] {
  const rules = policy?.allow.filter(({ clusters }) => clusters.includes('*') || clusters.includes(cluster)) ?? [];
  return [...new Set(rules.flatMap(({ namespaces }) => namespaces))].filter((name) => name !== '*');
}
