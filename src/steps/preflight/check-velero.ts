import { adviseOnSilence, judgeNodeAgent, judgeVersion } from '../../domain/judge-velero.ts';
import { DaemonSet, Deployment } from '../../domain/kinds.ts';
import { ServerStatusRequest } from '../../domain/velero.ts';
import { isDrError } from '../../errors.ts';
import { askVelero } from '../velero/ask-velero.ts';
import { type Finding, finding, type PreflightContext } from './finding.ts';
import { lookAt, uncheckedOf } from './look-for.ts';

/** Velero answers within a second or two; one that reconciles nothing never answers. */
const PATIENCE_MS = 10_000;

/** Whether Velero reconciles, which version it is, and whether its node agent is on every node. */
export async function checkVelero(context: PreflightContext): Promise<Finding> {
  const [server, agent] = await Promise.all([checkServer(context), checkNodeAgent(context)]);
  return { ...server, checks: [...server.checks, ...agent.checks] };
}

async function checkServer(context: PreflightContext): Promise<Finding> {
  try {
    // Velero answers a ServerStatusRequest by itself (server_status_request_controller.go).
    const answer = await askVelero(context, {
      kind: ServerStatusRequest,
      spec: {},
      patienceMs: PATIENCE_MS,
      answerOf: ({ status }) => (status?.phase === 'Processed' ? { version: status.serverVersion } : undefined),
    });
    if (answer === undefined) return await describeSilence(context);
    const { check, notes } = judgeVersion(answer.version);
    return finding([check], notes);
  } catch (thrown) {
    if (isDrError(thrown, 'CLUSTER_FORBIDDEN', 'CLUSTER_UNREADABLE')) {
      const detail = `Velero could not be asked for its status. ${thrown.action}`;
      return finding([{ name: 'velero', verdict: 'unchecked', detail }]);
    }
    if (!isDrError(thrown, 'CLUSTER_NOT_SERVED', 'CLUSTER_INVALID')) throw thrown;
    const { veleroNamespace } = context.homes;
    const action = `Install Velero, or set VELERO_NAMESPACE to where it is: kubectl -n ${veleroNamespace} get deployment velero`;
    return refuse(`Velero is not installed in namespace ${veleroNamespace}: ${thrown.message}`, action);
  }
}

async function describeSilence(context: PreflightContext): Promise<Finding> {
  const namespace = context.homes.veleroNamespace;
  const { items, unseen } = await lookAt(context, Deployment, { namespace, name: 'velero' });
  return refuse(
    `Velero is not reconciling: it left a ServerStatusRequest unanswered for ${PATIENCE_MS / 1_000} s.`,
    adviseOnSilence(namespace, items[0], unseen[0]),
  );
}

function refuse(message: string, action: string): Finding {
  const check = { name: 'velero', verdict: 'fail', detail: message } as const;
  return finding([check], [], [{ code: 'VELERO_SILENT', message, action }]);
}

async function checkNodeAgent(context: PreflightContext): Promise<Finding> {
  const namespace = context.homes.veleroNamespace;
  const agent = await lookAt(context, DaemonSet, { namespace, name: 'node-agent' });
  if (agent.unseen.length > 0) return finding(uncheckedOf('node-agent', agent));
  return finding([judgeNodeAgent(namespace, agent.items[0])]);
}
