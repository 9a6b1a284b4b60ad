import { expect } from 'vitest';
import { matchesSelector } from '../../../sandbox/controllers/label-selector.ts';
import { loseNamespace, restoreOf, untilPhase, untilStep } from '../story.ts';
import { NAMESPACE, pause, type World } from '../world.ts';
import { outlastStep } from './make-fault.ts';
import type { Row } from './row.ts';

/** What Velero makes of the Restore. */
export const RESTORE_ROWS: Row[] = [
  {
    fault: 'Velero ends the Restore FailedValidation',
    ends: 'failed',
    sentence: 'ended FailedValidation: backup not found.',
    restores: 1,
    velero: { outcome: { phase: 'FailedValidation', errors: ['backup not found'] } },
  },
  {
    fault: 'Velero ends the Restore PartiallyFailed',
    ends: 'failed',
    sentence: 'ended PartiallyFailed with 2 errors and 0 warnings',
    restores: 1,
    velero: { outcome: { phase: 'PartiallyFailed', errors: 2 } },
  },
  {
    fault: 'Velero ends the Restore Failed',
    ends: 'failed',
    sentence: 'ended Failed: the bucket is gone.',
    restores: 1,
    velero: { outcome: { phase: 'Failed', reason: 'the bucket is gone' } },
  },
  {
    fault: 'Velero restarts in the middle ("found a restore with status")',
    ends: 'failed',
    sentence: 'Velero restarted in the middle. See what is in the namespace, then ask for a new run.',
    restores: 1,
    velero: { stuckIn: 'InProgress' },
    async approved(world, run) {
      await untilPhase(world, run, 'InProgress');
      world.sandbox.cluster.velero.restart();
    },
  },
  {
    fault: 'The Restore is Completed, with warnings that the plan did not announce',
    ends: 'failed',
    sentence: 'Not verified: no warnings: injected warning 1',
    restores: 1,
    velero: { warnings: 1 },
  },
  {
    fault: "A volume's data cannot be written",
    ends: 'failed',
    sentence: 'ended PartiallyFailed with 2 errors',
    restores: 1,
    velero: { failVolumes: 'no space left on device' },
  },
  {
    fault: 'Velero leaves out an object without a word',
    ends: 'failed',
    sentence:
      'Not verified: objects complete: planned, but Velero never touched: autoscaling/v2/HorizontalPodAutoscaler/normalization-service',
    restores: 1,
    velero: { skipSilently: `horizontalpodautoscalers.autoscaling/${NAMESPACE}/normalization-service` },
  },
  skippedUnplanned(),
  {
    fault: 'Completed is said while the volumes are still being written (Velero v1.17.0)',
    ends: 'succeeded',
    plan: 'Velero v1.17.0 can report Completed before the volumes are done; Muster waits for the volumes too.',
    sentence: ' items, 2 volumes.',
    restores: 1,
    velero: { version: 'v1.17.0', completeTooEarly: true, holdVolumes: 'InProgress' },
    async approved(world, run) {
      await untilPhase(world, run, 'Completed');
      await pause(600);
      expect((await world.state(run))?.steps.has('wait-ready'), 'the run went on').toBe(false);
      delete world.sandbox.cluster.velero.faults.holdVolumes;
    },
  },
  {
    fault: 'Completed is said, and then a volume fails (Velero v1.17.0)',
    ends: 'failed',
    sentence: 'Failed: no space left on device',
    restores: 1,
    velero: { version: 'v1.17.0', completeTooEarly: true, holdVolumes: 'InProgress' },
    async approved(world, run) {
      const { faults } = world.sandbox.cluster.velero;
      await untilPhase(world, run, 'Completed');
      faults.failVolumes = 'no space left on device';
      delete faults.holdVolumes;
    },
  },
  {
    fault: 'Completed is said, and then a volume is canceled (Velero v1.17.0)',
    ends: 'failed',
    sentence: 'Canceled: found a canceled data restore',
    restores: 1,
    velero: { version: 'v1.17.0', completeTooEarly: true, holdVolumes: 'InProgress' },
    async approved(world, run) {
      const { store } = world.sandbox.cluster;
      await untilPhase(world, run, 'Completed');
      const ours = { matchLabels: { 'velero.io/restore-name': restoreOf(run) } };
      for (const { metadata } of store.list('podvolumerestores.velero.io', 'velero'))
        if (matchesSelector(ours, metadata.labels))
          store.modify('podvolumerestores.velero.io', 'velero', metadata.name, (object) => {
            Object.assign(object['spec'] as object, { cancel: true });
          });
    },
  },
  {
    fault: 'Completed is said, and the volumes are never done',
    ends: 'parked',
    sentence: 'Step "restore" did not finish in 1200 s: Velero: Completed, volumes not',
    restores: 1,
    velero: { version: 'v1.17.0', completeTooEarly: true, holdVolumes: 'InProgress' },
    async approved(world, run) {
      await untilPhase(world, run, 'Completed');
      await pause(400);
      world.inside.clock.move(21 * 60_000);
    },
  },
  {
    fault: 'Another Restore begins after the approval and does not end',
    ends: 'failed',
    sentence: 'Step "preflight" did not finish in 60 s: Restore by-hand-',
    restores: 0,
    planned: restoreByHand,
    approved: outlastStep('preflight', 2),
  },
  {
    fault: 'Another Restore begins after the approval and ends',
    ends: 'succeeded',
    sentence: 'preflight: No other restore is in the way.',
    restores: 1,
    planned: restoreByHand,
    async approved(world, run) {
      await untilStep(world, run, 'preflight');
      await pause(400);
      delete world.sandbox.cluster.velero.faults.stuckIn;
    },
  },
  {
    fault: 'The run is aborted while Velero restores',
    ends: 'aborted',
    sentence: 'still going on: Velero has no cancel: Restore velero/dr-',
    restores: 1,
    velero: { stuckIn: 'InProgress' },
    async approved(world, run) {
      await untilPhase(world, run, 'InProgress');
      expect((await world.inside.type(['abort', run])).code).toBe(0);
    },
  },
  {
    fault: 'The run is aborted while the workloads become ready',
    ends: 'aborted',
    sentence: `${NAMESPACE} is not verified.`,
    restores: 1,
    arrange: ({ sandbox }) => sandbox.cluster.controllers.failPods({ namespace: NAMESPACE }, 'ImagePullBackOff'),
    async approved(world, run) {
      await untilStep(world, run, 'wait-ready');
      expect((await world.inside.type(['abort', run])).code).toBe(0);
    },
  },
];

/** Somebody else's Restore, which Velero takes up and does not end. */
function restoreByHand({ sandbox }: World, run: string): void {
  const { store, velero } = sandbox.cluster;
  const [backup] = store.list('backups.velero.io', 'velero');
  velero.faults.stuckIn = 'New';
  store.create('restores.velero.io', {
    metadata: { name: `by-hand-${run}`, namespace: 'velero' },
    spec: { backupName: backup?.metadata.name ?? '', includedNamespaces: ['monitoring'] },
  });
}

/** As like the backed-up one as can be: Velero passes it over without a warning. */
function skippedUnplanned(): Row {
  let like: Parameters<World['sandbox']['cluster']['store']['create']>[1] | undefined;
  return {
    fault: 'An object is there when Velero comes to it that was not there when it was planned',
    ends: 'failed',
    sentence:
      'Not verified: objects restored: not restored, and not planned so: configmap/enrichment-service-config. Next:',
    restores: 1,
    velero: { stuckIn: 'InProgress' },
    keeps: true,
    async arrange(world) {
      const { store } = world.sandbox.cluster;
      await world.sandbox.cluster.seed();
      const found = store.get('configmaps', NAMESPACE, 'enrichment-service-config');
      const { name = '', labels = {} } = found?.metadata ?? {};
      like = { metadata: { name, namespace: NAMESPACE, labels }, data: found?.['data'] };
      await loseNamespace(world);
      return () => undefined;
    },
    async approved(world, run) {
      const { store, velero } = world.sandbox.cluster;
      await untilPhase(world, run, 'InProgress');
      store.create('namespaces', { metadata: { name: NAMESPACE } });
      if (like !== undefined) store.create('configmaps', like);
      delete velero.faults.stuckIn;
    },
  };
}
