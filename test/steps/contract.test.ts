import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type SandboxCluster, startCluster } from '../../sandbox/start-cluster.ts';
import { download } from '../../src/adapters/http-download.ts';
import { createClusters } from '../../src/adapters/kubernetes.ts';
import { systemClock } from '../../src/adapters/system-clock.ts';
import { loadRunbooks } from '../../src/adapters/yaml-file.ts';
import type { Observation, StepType } from '../../src/contracts.ts';
import type { RunView } from '../../src/domain/run.ts';
import type { RunRequest, RunStep } from '../../src/domain/run-events.ts';
import { fillParams, resolveSteps } from '../../src/domain/runbook.ts';
import { makePlan, type PlanDeps } from '../../src/engine/make-plan.ts';
import { startedContext } from '../../src/engine/started-context.ts';
import { isDrError } from '../../src/errors.ts';
import { loadDirectory } from '../../src/registry.ts';
import { entriesOf, REQUEST, stateOf } from '../domain/run-fixture.ts';

/** Every step type there is must keep this contract; a new one is found here by itself, through a runbook that uses it. */

const ROOT = join(import.meta.dirname, '../..');
const types = await loadDirectory<StepType>(join(ROOT, 'src/steps'), 'step');
const runbooks = await loadRunbooks(join(ROOT, 'runbooks'), types);
const folder = mkdtempSync(join(tmpdir(), 'muster-contract-'));
const signal = new AbortController().signal;
/** What a step type creates with its key. */
const MADE: Record<string, string> = { 'velero.restore': 'restores.velero.io', 'velero.backup': 'backups.velero.io' };
/** Objects that only ask Velero something, and are gone again. */
const QUESTIONS = ['downloadrequests.velero.io', 'serverstatusrequests.velero.io'];
const WRITES = ['create', 'update', 'patch', 'delete', 'deletecollection'];

let cluster: SandboxCluster;
let deps: PlanDeps;
beforeAll(async () => {
  cluster = await startCluster({ pace: 'fast' });
  const kubeconfigPath = join(folder, 'kubeconfig');
  writeFileSync(kubeconfigPath, cluster.api.kubeconfig());
  deps = {
    clusters: createClusters({ kubeconfigPath, context: 'sandbox', timeoutMs: 1_500 }),
    steps: types,
    clock: systemClock,
    download,
    homes: { podNamespace: undefined, veleroNamespace: 'velero', redisHost: undefined },
  };
});
afterAll(async () => {
  await cluster.close();
  rmSync(folder, { recursive: true });
});
beforeEach(async () => {
  cluster.api.faults.clear();
  cluster.velero.faults.stuckIn = undefined;
  await cluster.seed();
});

const TICKS = {
  name: 'ticks are there',
  service: 'clickhouse',
  port: 8123,
  path: '/?query=SELECT%20count()%20FROM%20market.ticks',
  atLeast: 1_000_000,
};

/** The step as a runbook of ours uses it, in a run of its own. */
function exampleOf(type: StepType): { step: RunStep; request: RunRequest } {
  for (const [name, runbook] of runbooks) {
    const filled = fillParams(runbook, { namespace: 'data-processing' });
    if ('problems' in filled) continue;
    const step = resolveSteps(runbook, filled.params).find(({ uses }) => uses === type.name);
    const run = `c${Math.random().toString(36).slice(2, 8)}`;
    const copied = { ...REQUEST.runbook, name };
    if (step)
      return {
        step,
        request: {
          ...REQUEST,
          run,
          runbook: copied,
          params: filled.params,
          steps: [step],
          health: runbook.health,
          data: [TICKS],
        },
      };
  }
  throw new Error(`No runbook uses ${type.name}`);
}

async function startExample(type: StepType) {
  const { step, request } = exampleOf(type);
  const plan = await makePlan(deps, request, signal);
  const drafts = [
    { type: 'run.requested', request } as const,
    { type: 'run.planned', plan } as const,
    { type: 'step.started', step: step.id, attempt: 1, worker: 'w', key: `dr-${request.run}-${step.id}-1` } as const,
  ];
  const view: RunView = { stream: `run-${request.run}`, entries: entriesOf(...drafts), state: stateOf(...drafts) };
  return startedContext(deps, view, step, signal);
}

function writes(): string[] {
  return cluster.api
    .requests()
    .filter(({ verb, resource }) => WRITES.includes(verb) && !QUESTIONS.includes(resource))
    .map(({ verb, resource, name }) => `${verb} ${resource} ${name}`);
}

async function wipe(): Promise<void> {
  cluster.store.remove('namespaces', undefined, 'data-processing');
  await expect.poll(() => cluster.store.get('namespaces', undefined, 'data-processing')).toBeUndefined();
}

async function observeSafely(observe: () => Promise<Observation>): Promise<Observation['state'] | 'threw'> {
  try {
    return (await observe()).state;
  } catch (thrown) {
    expect(isDrError(thrown)).toBe(true);
    return 'threw';
  }
}

describe.each([...types.values()].map((type) => [type.name, type] as const))('step type %s', (_name, type) => {
  const destructive = type.effect === 'destructive';

  test('says what it is, and is used by a runbook', () => {
    expect(type.summary.length).toBeGreaterThan(10);
    expect(type.params.safeParse(exampleOf(type).step.with).success).toBe(true);
  });

  test('planning changes nothing', async () => {
    const before = writes();
    await startExample(type);
    expect(writes()).toEqual(before);
  });

  test('observed after it was applied it ends done; applied twice is applied once', async () => {
    if (destructive) await wipe();
    const context = await startExample(type);
    const before = writes();
    if (type.effect !== 'read') expect((await type.observe(context)).state).toBe('absent');
    await type.apply(context);
    await type.apply(context);
    await expect.poll(() => type.observe(context), { timeout: 10_000 }).toMatchObject({ state: 'done' });
    await type.apply(context);
    const made = writes().slice(before.length);
    const created = Object.values(MADE)
      .flatMap((resource) => cluster.store.list(resource))
      .filter(({ metadata }) => metadata.name === context.key);
    expect(created.map(({ kind }) => kind)).toHaveLength(type.effect === 'read' ? 0 : 1);
    if (type.effect === 'read') expect(made).toEqual([]);
    const checks = await type.verify(context);
    expect(checks.filter(({ verdict }) => verdict === 'fail')).toEqual([]);
    if (type.effect !== 'read') expect(checks.length).toBeGreaterThan(0);
    expect(type.describeAbort(context)).toMatch(/\w.*\.$/);
  });

  test.each([
    ['does not listen', undefined],
    ['answers 500', { kind: 'status', code: 500 }],
    ['answers 429', { kind: 'status', code: 429, retryAfter: 1 }],
    ['never answers', { kind: 'timeout' }],
    ['cuts the connection', { kind: 'reset' }],
    ['forbids it', { kind: 'refuse' }],
    ['answers 404 for everything', { kind: 'status', code: 404 }],
  ] as const)('an API that %s is unknown, never absent and never done', async (_how, fault) => {
    const context = await startExample(type);
    if (fault === undefined) await cluster.api.faults.down();
    else cluster.api.faults.add(fault);
    const state = await observeSafely(() => type.observe(context));
    if (fault === undefined) await cluster.api.faults.up();
    expect(['absent', 'done', 'failed']).not.toContain(state);
  });

  const resource = MADE[type.name];
  if (resource === undefined) return;
  test("somebody else's object of our name is never taken for ours", async () => {
    const context = await startExample(type);
    cluster.store.create(resource, {
      metadata: { name: context.key, namespace: 'velero', labels: { 'muster.dev/run': context.request.run } },
      spec: { backupName: 'another', includedNamespaces: ['monitoring'] },
    });
    await expect(type.observe(context)).rejects.toMatchObject({ code: 'NAME_TAKEN' });
    await expect(type.apply(context)).rejects.toMatchObject({ code: 'NAME_TAKEN' });
  });
});
