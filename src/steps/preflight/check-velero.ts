import { randomBytes } from 'node:crypto';
import { adviseOnSilence, judgeNodeAgent, judgeVersion } from '../../domain/judge-velero.ts';
import { DaemonSet, Deployment } from '../../domain/kinds.ts';
import { MANAGED_BY } from '../../domain/provenance.ts';
import { ServerStatusRequest } from '../../domain/velero.ts';
import { isDrError } from '../../errors.ts';
import { type Finding, finding, type PreflightContext } from './finding.ts';
import { lookAt, uncheckedOf } from './look-for.ts';

const LOOK_MS = 250;
/** Velero answers within a second or two; one that reconciles nothing never answers. */
const PATIENCE_MS = 10_000;

/** Whether Velero reconciles, which version it is, and whether its node agent is on every node. */
export async function checkVelero(context: PreflightContext): Promise<Finding> {
  const [server, agent] = await Promise.all([checkServer(context), checkNodeAgent(context)]);
  return { ...server, checks: [...server.checks, ...agent.checks] };
}

async function checkServer(context: PreflightContext): Promise<Finding> {
  try {
    const answer = await askVelero(context);
    if (!answer.processed) return await describeSilence(context);
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

/**
 * Asks with a ServerStatusRequest, which Velero answers by itself (`server_status_request_controller.go`), and takes it away again.
 * @throws DrError CLUSTER_*
 */
async function askVelero({
  cluster,
  homes,
  clock,
  signal,
}: PreflightContext): Promise<{ processed: boolean; version: string | undefined }> {
  const ref = { namespace: homes.veleroNamespace, name: `muster-${randomBytes(8).toString('hex')}` };
  const metadata = { ...ref, labels: { [MANAGED_BY]: 'muster' } };
  const request = await cluster.create(ServerStatusRequest, { metadata, spec: {} }, signal);
  try {
    const until = clock.now() + PATIENCE_MS;
    do {
      const status = (await cluster.read(ServerStatusRequest, ref, signal))?.status;
      if (status?.phase === 'Processed') return { processed: true, version: status.serverVersion };
      await clock.sleep(LOOK_MS, signal);
    } while (clock.now() < until);
    return { processed: false, version: undefined };
  } finally {
    // Velero deletes the ones that it processed after a minute; only one that it never saw would stay.
    await cluster
      .remove(ServerStatusRequest, { ...ref, uid: request.metadata.uid }, AbortSignal.timeout(5_000))
      .catch(() => undefined);
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
