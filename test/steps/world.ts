import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SandboxCluster, startCluster } from '../../sandbox/start-cluster.ts';
import { download } from '../../src/adapters/http-download.ts';
import { createClusters } from '../../src/adapters/kubernetes.ts';
import { systemClock } from '../../src/adapters/system-clock.ts';
import { loadRunbooks } from '../../src/adapters/yaml-file.ts';
import type { StepType } from '../../src/contracts.ts';
import type { RunView } from '../../src/domain/run.ts';
import type { RunRequest, RunStep } from '../../src/domain/run-events.ts';
import { fillParams, resolveContentNamespace, resolveNamespace, resolveSteps } from '../../src/domain/runbook.ts';
import { makePlan, type PlanDeps } from '../../src/engine/make-plan.ts';
import { startedContext } from '../../src/engine/started-context.ts';
import { loadDirectory } from '../../src/registry.ts';
import { entriesOf, REQUEST, stateOf } from '../domain/run-fixture.ts';

const ROOT = join(import.meta.dirname, '../..');

/** The step types on a fast sandbox cluster, without a ledger or an engine loop. */
export interface StepWorld {
  cluster: SandboxCluster;
  deps: PlanDeps;
  types: ReadonlyMap<string, StepType>;
  /** A run of restore-namespace for this namespace, planned. */
  plan(namespace: string, params?: Record<string, string>): ReturnType<typeof planRun>;
  close(): Promise<void>;
}

export async function startStepWorld(): Promise<StepWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'muster-steps-'));
  const cluster = await startCluster({ pace: 'fast' });
  const kubeconfigPath = join(folder, 'kubeconfig');
  writeFileSync(kubeconfigPath, cluster.api.kubeconfig());
  const types = await loadDirectory<StepType>(join(ROOT, 'src/steps'), 'step');
  const deps: PlanDeps = {
    clusters: createClusters({ kubeconfigPath, context: 'sandbox', timeoutMs: 2_000 }),
    steps: types,
    clock: systemClock,
    download,
    homes: { podNamespace: undefined, veleroNamespace: 'velero', redisHost: undefined },
  };
  return {
    cluster,
    deps,
    types,
    plan: (namespace, params = {}) => planRun(deps, namespace, params),
    close: async () => {
      await cluster.close();
      rmSync(folder, { recursive: true });
    },
  };
}

let runs = 0;

async function planRun(deps: PlanDeps, namespace: string, params: Record<string, string>) {
  const runbook = (await loadRunbooks(join(ROOT, 'runbooks'), deps.steps)).get('restore-namespace');
  if (runbook === undefined) throw new Error('restore-namespace is gone');
  const filled = fillParams(runbook, { namespace, ...params });
  if ('problems' in filled) throw new Error(JSON.stringify(filled.problems));
  runs += 1;
  const request: RunRequest = {
    ...REQUEST,
    run: `p${runs}x${Date.now() % 100_000}`,
    params: filled.params,
    target: { cluster: 'sandbox', namespace: resolveNamespace(runbook, filled.params) },
    steps: resolveSteps(runbook, filled.params),
    health: runbook.health.filter((it) => it.namespace === resolveContentNamespace(runbook, filled.params)),
    data: runbook.data,
  };
  const plan = await makePlan(deps, request, AbortSignal.timeout(30_000));
  const contextOf = (id: string) => {
    const step = request.steps.find((it) => it.id === id) as RunStep;
    const drafts = [
      { type: 'run.requested', request } as const,
      { type: 'run.planned', plan } as const,
      { type: 'step.started', step: id, attempt: 1, worker: 'w', key: `dr-${request.run}-${id}-1` } as const,
    ];
    const view: RunView = { stream: `run-${request.run}`, entries: entriesOf(...drafts), state: stateOf(...drafts) };
    return startedContext(deps, view, step, AbortSignal.timeout(30_000));
  };
  return { request, plan, contextOf };
}
