import { ok, red, unchecked, warning } from '../../domain/diagnosis.ts';
import { adviseOnSilence, judgeVersion } from '../../domain/judge-velero.ts';
import { Deployment } from '../../domain/kinds.ts';
import { ServerStatusRequest } from '../../domain/velero.ts';
import { isDrError } from '../../errors.ts';
import { lookAt } from '../../steps/preflight/look-for.ts';
import { askVelero } from '../../steps/velero/ask-velero.ts';
import { type ClusterContext, defineExamination } from '../examination.ts';

/** Velero answers within a second or two; one that reconciles nothing never answers. In ms. */
const PATIENCE_MS = 6_000;

/** Whether Velero reconciles, and which version it is. */
export const examination = defineExamination({
  name: 'velero',
  about: 'cluster',
  examine: async (context) => {
    const line = context.nameLine('velero');
    try {
      const answer = await askVelero(context, {
        kind: ServerStatusRequest,
        spec: {},
        patienceMs: PATIENCE_MS,
        answerOf: ({ status }) => (status?.phase === 'Processed' ? { version: status.serverVersion } : undefined),
      });
      if (answer === undefined) return [await describeSilence(line, context)];
      const { check, notes } = judgeVersion(answer.version);
      if (check.verdict !== 'pass') return [unchecked(line, check.detail)];
      return [notes[0] === undefined ? ok(line, check.detail) : warning(line, check.detail, notes[0])];
    } catch (thrown) {
      if (!isDrError(thrown, 'CLUSTER_NOT_SERVED', 'CLUSTER_INVALID')) throw thrown;
      const { veleroNamespace } = context.homes;
      const remedy = `Install Velero, or set VELERO_NAMESPACE to where it is: kubectl -n ${veleroNamespace} get deployment velero`;
      return [red(line, `it is not installed in namespace ${veleroNamespace}`, remedy)];
    }
  },
});

async function describeSilence(line: string, context: ClusterContext) {
  const namespace = context.homes.veleroNamespace;
  const { items, unseen } = await lookAt(context, Deployment, { namespace, name: 'velero' });
  const detail = `it is not reconciling: it left a ServerStatusRequest unanswered for ${PATIENCE_MS / 1_000} s`;
  return red(line, detail, adviseOnSilence(namespace, items[0], unseen[0]));
}
