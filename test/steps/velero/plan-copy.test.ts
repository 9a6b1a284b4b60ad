import { afterAll, beforeAll, expect, test } from 'vitest';
import { type StepWorld, startStepWorld } from '../world.ts';

let world: StepWorld;
beforeAll(async () => {
  world = await startStepWorld();
});
afterAll(() => world.close());

test("Velero's own namespace is not copied to where others could read its credentials", async () => {
  world.cluster.velero.takeBackup({ name: 'own', namespaces: ['velero'] });
  const { plan } = await world.plan('velero', { backup: 'own', into: 'elsewhere' });
  const refusals = plan.parts.flatMap((part) => part.refusals.map(({ message }) => message));
  expect(refusals).toEqual(['velero is where Velero runs; Muster never copies it elsewhere.']);
});

test('any other namespace is', async () => {
  const { plan } = await world.plan('data-processing', { into: 'elsewhere' });
  expect(plan.parts.flatMap(({ refusals }) => refusals)).toEqual([]);
});
