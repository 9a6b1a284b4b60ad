import type { DaemonSet, Deployment } from './kinds.ts';
import type { Check } from './plan.ts';

/** The Velero releases whose objects and phases Muster was proven with. */
const KNOWN = { major: 1, oldestMinor: 14, newestMinor: 18 };
const RANGE = `v${KNOWN.major}.${KNOWN.oldestMinor} to v${KNOWN.major}.${KNOWN.newestMinor}`;

/** What the version says that Velero's server answered with (`status.serverVersion` of a ServerStatusRequest). */
export function judgeVersion(version: string | undefined): { check: Check; notes: string[] } {
  const [, major, minor, patch] = /^v?(\d+)\.(\d+)\.(\d+)(?![\d.])/.exec(version ?? '')?.map(Number) ?? [];
  const said = `Velero ${version || 'of an unknown version'} answers`;
  const unchecked = (why: string) => ({
    check: { name: 'velero', verdict: 'unchecked', detail: `${said}; ${why}` } as const,
    notes: [],
  });
  if (major === undefined || minor === undefined || patch === undefined)
    return unchecked(`Muster cannot tell whether it is one of ${RANGE}, which it knows`);
  if (major < KNOWN.major || (major === KNOWN.major && minor < KNOWN.oldestMinor))
    return unchecked(`it is older than ${RANGE}, which Muster knows`);
  if (major > KNOWN.major || minor > KNOWN.newestMinor)
    return unchecked(`it is newer than ${RANGE}, which Muster knows`);
  return { check: { name: 'velero', verdict: 'pass', detail: said }, notes: warnOf(minor, patch) };
}

/** Velero issue 9365, fixed in 1.17.1. */
function warnOf(minor: number, patch: number): string[] {
  if (minor !== 17 || patch !== 0) return [];
  return [
    'Velero v1.17.0 can report Completed before the volumes are done; Muster waits for the volumes too. Upgrade to v1.17.1.',
  ];
}

/** What to do about a Velero that does not reconcile, by its Deployment: `unseen` says why it could not be read. */
export function adviseOnSilence(
  namespace: string,
  deployment: Deployment | undefined,
  unseen: string | undefined,
): string {
  if (unseen !== undefined)
    return `Check that it is ready: kubectl -n ${namespace} get deployment velero (Muster could not: ${unseen})`;
  if (deployment === undefined)
    return `There is no Deployment ${namespace}/velero: install Velero, or set VELERO_NAMESPACE to where it is.`;
  const { readyReplicas = 0 } = deployment.status ?? {};
  const replicas = `Deployment ${namespace}/velero has ${readyReplicas} of ${deployment.spec.replicas ?? 1} replicas ready`;
  return readyReplicas > 0
    ? `${replicas}, so read its log: kubectl -n ${namespace} logs deployment/velero --tail 50`
    : `${replicas}; see why: kubectl -n ${namespace} describe deployment velero`;
}

/** Whether volumes can be restored: file-system backups and the data mover need the node agent on each node. */
export function judgeNodeAgent(namespace: string, set: Pick<DaemonSet, 'status'> | undefined): Check {
  const name = 'node-agent';
  const where = `DaemonSet ${namespace}/node-agent`;
  if (set === undefined)
    return {
      name,
      verdict: 'unchecked',
      detail: `there is no ${where}; without it only volume snapshots can be restored`,
    };
  const { desiredNumberScheduled: desired, numberReady: ready = 0 } = set.status ?? {};
  if (desired === undefined || desired === 0)
    return {
      name,
      verdict: 'unchecked',
      detail: `${where} is on no node; without it only volume snapshots can be restored`,
    };
  if (ready >= desired) return { name, verdict: 'pass', detail: `${ready} of ${desired} ready` };
  const nodes = desired - ready === 1 ? '1 node' : `${desired - ready} nodes`;
  return { name, verdict: 'fail', detail: `${ready} of ${desired} ready: volume data cannot be restored on ${nodes}` };
}
