import { restoreOf, until, untilPhase, untilStep } from '../story.ts';
import { eventually, NAMESPACE, pause, type World } from '../world.ts';
import { blink, whileItIsVerified } from './make-fault.ts';
import type { Row } from './row.ts';

const recovered = `RECOVERED and verified: ${NAMESPACE}`;

async function goDown({ sandbox }: World): Promise<() => Promise<void>> {
  await sandbox.cluster.api.faults.down();
  return () => sandbox.cluster.api.faults.up();
}

/** The API server is away, at every stage of a run; and what it says that is neither yes nor no. */
export const OUTAGE_ROWS: Row[] = [
  {
    fault: 'The API server does not answer while the plan is made',
    ends: 'refused',
    sentence: 'It cannot be planned: ',
    restores: 0,
    arrange: goDown,
    planning: ({ inside }) => inside.clock.move(150_000),
  },
  {
    fault: 'The API server does not answer while the plan is made, and comes back within two minutes',
    ends: 'succeeded',
    sentence: recovered,
    restores: 1,
    arrange: goDown,
    async planning({ sandbox }) {
      await pause(700);
      await sandbox.cluster.api.faults.up();
    },
  },
  {
    fault: 'The API server does not answer before the Restore is created',
    ends: 'succeeded',
    sentence: recovered,
    restores: 1,
    planned: goDown,
    approved: async ({ sandbox }) => {
      await pause(700);
      await sandbox.cluster.api.faults.up();
    },
  },
  {
    fault: 'The API server takes the Restore, and the connection breaks before its answer',
    ends: 'succeeded',
    sentence: recovered,
    restores: 1,
    planned: ({ sandbox }) =>
      sandbox.cluster.api.faults.add({
        kind: 'reset-after',
        match: { verb: 'create', resource: 'restores.velero.io' },
        times: 1,
      }),
  },
  {
    fault: 'The API server answers 503 to the Restore',
    ends: 'succeeded',
    sentence: recovered,
    restores: 1,
    planned: ({ sandbox }) =>
      sandbox.cluster.api.faults.add({
        kind: 'status',
        code: 503,
        match: { verb: 'create', resource: 'restores.velero.io' },
        times: 2,
      }),
  },
  {
    fault: 'The API server refuses the Restore (403)',
    ends: 'failed',
    sentence:
      'Next: Allow this identity by RBAC: verb "create", resource "restores", API group "velero.io", namespace "velero".',
    restores: 0,
    planned: ({ sandbox }) =>
      sandbox.cluster.api.faults.add({ kind: 'refuse', match: { verb: 'create', resource: 'restores.velero.io' } }),
  },
  {
    fault: 'The API server does not answer while Velero restores',
    ends: 'succeeded',
    sentence: recovered,
    restores: 1,
    velero: { stuckIn: 'InProgress' },
    async approved(world, run) {
      await untilPhase(world, run, 'InProgress');
      await world.sandbox.cluster.api.faults.down();
      // Velero ends meanwhile: that must be found out, not done again.
      delete world.sandbox.cluster.velero.faults.stuckIn;
      await pause(700);
      await world.sandbox.cluster.api.faults.up();
    },
  },
  {
    fault: 'The API server does not answer any more while Velero restores',
    ends: 'parked',
    sentence: 'It cannot be told whether step "restore" took effect: ',
    restores: 1,
    velero: { stuckIn: 'InProgress' },
    async approved(world, run) {
      await untilPhase(world, run, 'InProgress');
      await world.sandbox.cluster.api.faults.down();
      // It has noticed, and then two minutes pass.
      await pause(1_000);
      world.inside.clock.move(3_000);
      await pause(1_000);
      world.inside.clock.move(125_000);
      await until(world, run, 'parked');
      await world.sandbox.cluster.api.faults.up();
    },
  },
  {
    fault: 'The API server does not answer while the workloads become ready',
    ends: 'succeeded',
    sentence: recovered,
    restores: 1,
    approved: async (world, run) => {
      await untilStep(world, run, 'wait-ready');
      await blink(world);
    },
  },
  {
    fault: 'The API server does not answer while the services are asked for their health',
    ends: 'succeeded',
    sentence: recovered,
    restores: 1,
    approved: async (world, run) => {
      await untilStep(world, run, 'health');
      await blink(world);
    },
  },
  {
    fault: 'The API server does not answer while it is verified',
    ends: 'succeeded',
    sentence: 'ok   objects complete: every planned object is accounted for',
    restores: 1,
    // Long enough for the verification to ask in the meantime, however busy the machine is.
    approved: whileItIsVerified((world) => blink(world, 2_500)),
  },
  {
    fault: 'A watch has expired (410 Gone)',
    ends: 'succeeded',
    sentence: recovered,
    restores: 1,
    arrange: ({ sandbox }) =>
      sandbox.cluster.api.faults.add({ kind: 'status', code: 410, match: { verb: 'watch' }, times: 3 }),
  },
  {
    fault: 'The API server answers 409 Conflict to the Restore, once',
    ends: 'succeeded',
    sentence: recovered,
    restores: 1,
    planned: ({ sandbox }) =>
      sandbox.cluster.api.faults.add({
        kind: 'status',
        code: 409,
        match: { verb: 'create', resource: 'restores.velero.io' },
        times: 1,
      }),
  },
  {
    fault: "Somebody else's Restore has the run's name",
    ends: 'parked',
    sentence: 'exists, but is not the one this run asks for.',
    restores: 0,
    planned: (world, run) => takeName(world, run),
  },
  {
    fault: "Somebody else's Restore takes the run's name in the moment of the create (409 AlreadyExists)",
    ends: 'parked',
    sentence: 'exists, but is not the one this run asks for.',
    restores: 0,
    async planned(world, run) {
      const stop = world.sandbox.cluster.api.onWrite(({ resource, verb, phase, name }) => {
        if (verb !== 'create' || resource !== 'restores.velero.io' || phase !== 'before' || name !== restoreOf(run))
          return;
        stop();
        takeName(world, run);
      });
    },
    approved: (world, run) =>
      eventually('the name is taken', () => world.restores().includes(restoreOf(run)) || undefined),
  },
];

function takeName({ sandbox }: World, run: string): void {
  const { store } = sandbox.cluster;
  const [backup] = store.list('backups.velero.io', 'velero');
  store.create('restores.velero.io', {
    metadata: { name: restoreOf(run), namespace: 'velero' },
    spec: { backupName: backup?.metadata.name ?? '', includedNamespaces: ['monitoring'] },
  });
}
