import { restoreOf, untilPhase } from '../story.ts';
import { eventually, NAMESPACE, pause, type World } from '../world.ts';
import type { Row } from './row.ts';

const MINUTE = 60_000;

/** Lets the time pass that the runbook allows, once Velero is in the phase. */
const outlast = (phase: string, minutes: number) => async (world: World, run: string) => {
  if (phase === 'New')
    await eventually('the Restore is there', () => world.restores().includes(restoreOf(run)) || undefined);
  else await untilPhase(world, run, phase);
  await pause(400);
  world.inside.clock.move(minutes * MINUTE);
};

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
    fault: 'The Restore stays New',
    ends: 'parked',
    sentence: 'Velero has not taken it up; is its Deployment ready, is another Restore running?',
    restores: 1,
    velero: { stuckIn: 'New' },
    approved: outlast('New', 3),
  },
  {
    fault: 'The Restore stays InProgress',
    ends: 'parked',
    sentence: 'It was not stopped: Velero has no cancel.',
    restores: 1,
    velero: { stuckIn: 'InProgress' },
    approved: outlast('InProgress', 16),
  },
  {
    fault: 'The Restore stays Finalizing',
    ends: 'parked',
    sentence: 'Velero waits for restore hooks or for volumes to be bound',
    restores: 1,
    velero: { stuckIn: 'Finalizing' },
    approved: outlast('Finalizing', 6),
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
  {
    fault: "Velero's file of results is missing",
    ends: 'failed',
    sentence: 'objects restored: what Velero restored cannot be read: ',
    restores: 1,
    velero: { results: 'missing' },
  },
  {
    fault: "Velero's file of results is larger than any can be",
    ends: 'failed',
    sentence: 'objects restored: what Velero restored cannot be read: ',
    restores: 1,
    velero: { results: 'huge' },
  },
  {
    fault: "Velero's file of results is on a host that is not the storage location's",
    ends: 'failed',
    sentence: 'objects restored: what Velero restored cannot be read: ',
    restores: 1,
    approved: async (world, run) => {
      await eventually('the Restore is there', () => world.restores().includes(restoreOf(run)) || undefined);
      world.sandbox.cluster.velero.faults.results = { host: 'files.example.com' };
    },
  },
];
