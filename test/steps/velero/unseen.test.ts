import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { type StepWorld, startStepWorld } from '../world.ts';

/** A Muster that may not list Secrets in the namespace: its plan is not certain there, says so, and takes nothing for known. */

const NAMESPACE = 'data-processing';
const BACKUP = 'pinned';

let world: StepWorld;
beforeAll(async () => {
  world = await startStepWorld();
  const { store, velero } = world.cluster;
  velero.takeBackup({ name: BACKUP, namespaces: [NAMESPACE] });
  for (const { metadata } of store.list('deployments.apps', NAMESPACE))
    store.remove('deployments.apps', NAMESPACE, metadata.name);
  await vi.waitFor(() => expect(store.list('replicasets.apps', NAMESPACE)).toEqual([]), { timeout: 10_000 });
});
afterAll(() => world.close());
afterEach(() => world.cluster.api.faults.clear());

const forbidSecrets = () =>
  world.cluster.api.faults.add({ kind: 'refuse', match: { verb: 'list', resource: 'secrets' } });

async function planHere(params: Record<string, string> = {}) {
  const planned = await world.plan(NAMESPACE, { backup: BACKUP, ...params });
  const part = planned.plan.parts.find(({ step }) => step === 'restore');
  if (part === undefined) throw new Error('no restore step');
  const namesOf = (fact: string) => ((part.facts[fact] ?? { names: [] }) as { names: string[] }).names;
  return { ...planned, part, secretsIn: (fact: string) => namesOf(fact).filter((key) => key.includes('/Secret/')) };
}

test('the Secrets are neither among what is created nor among what is left, but a check that was not made', async () => {
  const seen = await planHere();
  expect([seen.secretsIn('create').length, seen.secretsIn('unseen').length]).toEqual([0, 0]);
  expect(seen.secretsIn('skip').length).toBeGreaterThan(0);
  forbidSecrets();
  const { part, plan, secretsIn } = await planHere();
  expect([secretsIn('create'), secretsIn('skip')]).toEqual([[], []]);
  expect(secretsIn('unseen')).toEqual(seen.secretsIn('skip'));
  expect(part.checks).toContainEqual({
    name: 'existing objects',
    verdict: 'unchecked',
    detail: expect.stringMatching(
      /^which of \d+ Secret exist could not be looked at: .* verb "list", resource "secrets"/,
    ),
  });
  expect(part.keeps).toMatch(/NOT known: which of \d+ Secret exist; those stay as they are\.$/);
  expect(part.notes.join('\n')).toMatch(/Creates those of \d+ more that do not exist: \d+ Secret\./);
  expect(part.refusals).toEqual([]);
  // An approval of what was not seen is none of what is seen later.
  expect(plan.digest).not.toBe(seen.plan.digest);
});

test('nothing to create that is known of is no reason to refuse', async () => {
  const { store } = world.cluster;
  const all = ['configmaps', 'services', 'secrets', 'statefulsets.apps', 'deployments.apps'];
  world.cluster.api.faults.add({ kind: 'refuse', match: { verb: 'list', resource: 'deployments.apps' } });
  const { part } = await planHere();
  expect(all.filter((resource) => store.list(resource, NAMESPACE).length === 0)).toEqual(['deployments.apps']);
  expect(part.refusals).toEqual([]);
});

test('a copy goes into no namespace that cannot be looked through, but into one that does not exist', async () => {
  world.cluster.store.create('namespaces', { metadata: { name: 'shadow' } });
  forbidSecrets();
  const { part } = await planHere({ into: 'shadow' });
  expect(part.refusals).toEqual([
    {
      code: 'PLAN_REFUSED',
      message: 'Whether namespace shadow is empty cannot be told: Muster may not list v1/Secret there.',
      action: expect.stringContaining('--into <another name>'),
    },
  ]);
  expect((await planHere({ into: 'absent' })).part.refusals).toEqual([]);
});

test('a restore planned so is verified: what had been there is named, and not called checked', async () => {
  forbidSecrets();
  const { contextOf, secretsIn } = await planHere();
  const context = await contextOf('restore');
  const type = world.types.get('velero.restore');
  if (type === undefined) throw new Error('no step type');
  await type.apply(context);
  await expect.poll(() => type.observe(context), { timeout: 10_000 }).toMatchObject({ state: 'done' });
  const checks = await type.verify(context);
  expect(checks.filter(({ verdict }) => verdict === 'fail')).toEqual([]);
  expect(checks.filter(({ verdict }) => verdict === 'unchecked')).toEqual([
    {
      name: 'objects that existed',
      verdict: 'unchecked',
      detail: expect.stringContaining('may differ from the backup'),
    },
  ]);
  const [first] = secretsIn('unseen').map((key) => key.split('/').at(-1));
  expect(checks.find(({ name }) => name === 'objects that existed')?.detail).toContain(first);
});
