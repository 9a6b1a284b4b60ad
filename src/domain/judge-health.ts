import type { PodTrouble } from './judge-pods.ts';
import type { Check } from './plan.ts';
import type { Rollout } from './rollout.ts';

type Standing = Rollout & { name: string };

/** What was seen of a namespace. */
export interface HealthFacts {
  namespace: string;
  /** Why there is nothing to be well: `does not exist`. */
  absent: string | undefined;
  workloads: readonly Standing[];
  services: readonly Standing[];
  /** The PVCs that are not Bound. */
  claims: readonly Standing[];
  pods: readonly PodTrouble[];
  probes: readonly Check[];
}

/** `red`: what is wrong; `notes`: what was not looked at, or was wrong and is well again. */
export interface HealthVerdict {
  ok: boolean;
  head: string;
  red: string[];
  notes: string[];
}

/** A namespace in which nothing runs is not well: "0 of 0 ready" would be so at once. */
export function judgeHealth(facts: HealthFacts): HealthVerdict {
  const { namespace, absent, workloads, services, claims, pods, probes } = facts;
  const red = listRed(facts);
  const notes = listNotes(pods, probes);
  if (absent !== undefined) return { ok: false, head: `NOT HEALTHY: ${namespace} ${absent}.`, red, notes };
  if (workloads.length === 0) return { ok: false, head: `NOT HEALTHY: no workload is in ${namespace}.`, red, notes };
  const asked = probes.filter(({ verdict }) => verdict !== 'unchecked');
  const counts = [
    count(workloads, 'workloads ready'),
    ...(services.length === 0 ? [] : [count(services, 'services with endpoints')]),
    claims.length === 0 ? 'all PVCs Bound' : `${claims.length} PVCs not Bound`,
    ...(asked.length === 0
      ? []
      : [`${asked.filter(({ verdict }) => verdict === 'pass').length} of ${asked.length} health checks pass`]),
  ];
  return {
    ok: red.length === 0,
    head: `${red.length === 0 ? 'HEALTHY' : 'NOT HEALTHY'}: ${namespace}: ${counts.join(', ')}.`,
    red,
    notes,
  };
}

function listRed({ workloads, services, claims, pods, probes }: HealthFacts): string[] {
  const standing = [...workloads, ...services, ...claims].filter(({ state }) => state !== 'ready');
  return [
    ...standing.map(({ name, detail }) => `${name}: ${detail}`),
    ...pods.filter(({ ill }) => ill).map(({ name, detail }) => `${name}: ${detail}`),
    ...probes.filter(({ verdict }) => verdict === 'fail').map(({ name, detail }) => `${name}: ${detail}`),
  ];
}

function listNotes(pods: readonly PodTrouble[], probes: readonly Check[]): string[] {
  return [
    ...pods.filter(({ ill }) => !ill).map(({ name, detail }) => `${name}: ${detail}`),
    ...probes
      .filter(({ verdict }) => verdict === 'unchecked')
      .map(({ name, detail }) => `${name} NOT checked: ${detail}`),
    ...(probes.length === 0 ? ['health NOT checked: no runbook declares any for it'] : []),
  ];
}

function count(standings: readonly Standing[], what: string): string {
  return `${standings.filter(({ state }) => state === 'ready').length} of ${standings.length} ${what}`;
}
