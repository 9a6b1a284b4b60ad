import { counted } from '../../domain/counted.ts';
import { ok, red } from '../../domain/diagnosis.ts';
import { isDrError } from '../../errors.ts';
import type { Clusters } from '../../ports.ts';
import { namedClusters } from '../cluster-names.ts';
import { defineExamination } from '../examination.ts';

/** Whether there is a policy, and the clusters that it names exist. */
export const examination = defineExamination({
  name: 'policy',
  about: 'installation',
  examine: async ({ policy, clusters, broken }) => {
    if (broken.policy.length > 0) {
      const remedy =
        'Correct the policy file; until then Muster does not start, and nobody may do anything: docs/policy.md';
      return [red('policy', broken.policy.join('; '), remedy)];
    }
    if (policy === undefined) {
      const remedy = 'Write one and name it in POLICY_FILE: docs/policy.md';
      return [red('policy', 'there is none: everybody may read, nobody may restore', remedy)];
    }
    const named = namedClusters(policy);
    const unknown = (await Promise.all(named.map((name) => isUnknown(clusters, name)))).flat();
    if (unknown.length > 0)
      return [
        red(
          'policy',
          `it names clusters that do not exist: ${unknown.join(', ')}`,
          'Correct POLICY_FILE, or add the contexts to KUBECONFIG.',
        ),
      ];
    const { groups, allow } = policy;
    return [ok('policy', `loaded: ${counted(Object.keys(groups).length, 'group')}, ${counted(allow.length, 'rule')}`)];
  },
});

async function isUnknown(clusters: Clusters, name: string): Promise<string[]> {
  try {
    await clusters(name);
    return [];
  } catch (thrown) {
    return isDrError(thrown, 'CLUSTER_UNKNOWN') ? [name] : [];
  }
}
