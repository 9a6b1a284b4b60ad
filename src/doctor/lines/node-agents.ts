import { ok, red, unchecked } from '../../domain/diagnosis.ts';
import { judgeNodeAgent } from '../../domain/judge-velero.ts';
import { DaemonSet } from '../../domain/kinds.ts';
import { lookAt } from '../../steps/preflight/look-for.ts';
import { defineExamination } from '../examination.ts';

/** Whether volume data can be restored on every node. */
export const examination = defineExamination({
  name: 'node agents',
  about: 'cluster',
  examine: async (context) => {
    const line = context.nameLine('node agents');
    const namespace = context.homes.veleroNamespace;
    const { items, unseen } = await lookAt(context, DaemonSet, { namespace, name: 'node-agent' });
    if (unseen[0] !== undefined) return [unchecked(line, unseen[0])];
    const { verdict, detail } = judgeNodeAgent(namespace, items[0]);
    const remedy = `See why: kubectl -n ${namespace} get pods -l name=node-agent -o wide`;
    if (verdict === 'fail') return [red(line, detail, remedy)];
    return [verdict === 'pass' ? ok(line, detail) : unchecked(line, detail)];
  },
});
