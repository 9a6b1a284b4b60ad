import { type Diagnosis, ok, red, warning } from '../../domain/diagnosis.ts';
import { protectedReason } from '../../domain/target.ts';
import { type DoctorContext, defineExamination } from '../examination.ts';

/** Whether Muster lives outside what it restores, as far as can be told from here. */
export const examination = defineExamination({
  name: 'home',
  about: 'installation',
  examine: async (context) => [judge(context)],
});

/** The name of the cluster that the pod's own service account leads to. */
const OWN_CLUSTER = 'in-cluster';

function judge({ policy, homes, examined }: DoctorContext): Diagnosis {
  const named = [...new Set(policy?.allow.flatMap(({ namespaces }) => namespaces) ?? [])];
  const reasons = named.flatMap((namespace) => protectedReason(namespace, homes) ?? []);
  if (reasons.length > 0) {
    const remedy = 'Move Muster and its Redis elsewhere, or take the namespace out of POLICY_FILE.';
    return red('home', `the policy names what Muster never restores: ${reasons.join('; ')}`, remedy);
  }
  if (examined.some(({ name }) => name === OWN_CLUSTER))
    return warning(
      'home',
      'Muster runs in the cluster that it restores: it survives the loss of a namespace, not of the cluster',
      'Run it on another cluster or a VM, with a KUBECONFIG for this one.',
    );
  const where =
    homes.podNamespace === undefined ? 'not in a pod, as far as can be told' : `namespace ${homes.podNamespace}`;
  return ok('home', `${where}; none of the namespaces that the policy names is its own, its Redis' or Velero's`);
}
