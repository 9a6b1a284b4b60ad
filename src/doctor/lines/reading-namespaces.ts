import { ok, unused, warning } from '../../domain/diagnosis.ts';
import { NAMESPACE_READING } from '../../domain/rights.ts';
import { defineExamination } from '../examination.ts';
import { namespacesOn } from '../namespaces-on.ts';

/** Whether Muster can see in each namespace what is there already, Secrets too. */
export const examination = defineExamination({
  name: 'reading namespaces',
  about: 'cluster',
  examine: async ({ cluster, policy, nameLine, signal }) => {
    const line = nameLine('reading namespaces');
    const namespaces = namespacesOn(policy, cluster.name);
    if (namespaces.length === 0) return [unused(line, 'the policy names no namespace one by one')];
    const allowed = await Promise.all(
      namespaces.map((namespace) => cluster.may({ ...NAMESPACE_READING, namespace }, signal)),
    );
    const closed = namespaces.filter((_namespace, index) => allowed[index] === false);
    if (closed.length === 0) return [ok(line, `all kinds can be listed in ${namespaces.join(', ')}`)];
    const detail = `Secrets and the like cannot be listed in ${closed.join(', ')}: a plan cannot tell which exist`;
    const remedy = 'Bind ClusterRole muster-namespace-reader there, as deploy/overlays/example/namespaces.yaml does.';
    return [warning(line, detail, remedy)];
  },
});
