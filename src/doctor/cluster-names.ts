import type { Policy } from '../domain/policy.ts';

/** The contexts that the policy names one by one. */
export function namedClusters(policy: Policy | undefined): string[] {
  return [...new Set(policy?.allow.flatMap(({ clusters }) => clusters) ?? [])].filter((name) => name !== '*');
}
