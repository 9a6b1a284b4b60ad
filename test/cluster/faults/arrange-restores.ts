import { until, untilStep } from '../../journeys/story.ts';
import { pause } from '../../journeys/world.ts';
import {
  type Arrangement,
  type Arrangements,
  makeConfigMap,
  makeNamespace,
  outlastPhase,
  takeBackup,
  untilPhase,
  untilRestoreIsThere,
  untilVerifying,
} from './arrangement.ts';

/** The row's faults of Velero are all there is to it. */
const afterwards: Arrangement = { needs: 'workloads' };
const moving = takeBackup({ name: 'moved', moveData: true });

/** What Velero makes of the Restore. */
export const RESTORES: Arrangements = {
  'Velero ends the Restore FailedValidation': {},
  'Velero ends the Restore PartiallyFailed': {},
  'Velero ends the Restore Failed': {},
  'Velero restarts in the middle ("found a restore with status")': {
    async approved(world, run) {
      await untilPhase(world, run, 'InProgress');
      world.velero.restart();
    },
  },
  'The Restore stays New': { approved: outlastPhase('New', 3) },
  'The Restore stays InProgress': { approved: outlastPhase('InProgress', 16) },
  'The Restore stays WaitingForPluginOperations': {
    arrange: moving,
    approved: outlastPhase('WaitingForPluginOperations', 16),
  },
  'The Restore stays WaitingForPluginOperationsPartiallyFailed': {
    arrange: moving,
    approved: outlastPhase('WaitingForPluginOperationsPartiallyFailed', 16),
  },
  'The Restore stays Finalizing': { approved: outlastPhase('Finalizing', 6) },
  'The Restore stays FinalizingPartiallyFailed': { approved: outlastPhase('FinalizingPartiallyFailed', 6) },
  'The Restore stays New, the run is retried, and Velero takes it up': {
    needs: 'workloads',
    async approved(world, run) {
      await outlastPhase('New', 3)(world, run);
      await until(world, run, 'parked');
      delete world.velero.faults.stuckIn;
      await untilPhase(world, run, 'Completed');
      await world.inside.type(['retry', run]);
    },
  },
  'The Restore is Completed, with warnings that the plan did not announce': afterwards,
  "A volume's data cannot be written": {},
  'Velero leaves out an object without a word': afterwards,
  'An object is there when Velero comes to it that was not there when it was planned': {
    needs: 'workloads',
    async approved(world, run) {
      await untilPhase(world, run, 'InProgress');
      await makeNamespace(world);
      await makeConfigMap(world, 'enrichment-service-config');
      delete world.velero.faults.stuckIn;
    },
  },
  'The run is aborted while Velero restores': {
    async approved(world, run) {
      await untilPhase(world, run, 'InProgress');
      await world.inside.type(['abort', run]);
    },
  },
  'The run is aborted while the workloads become ready': {
    needs: 'workloads',
    async arrange({ kubelet }) {
      kubelet?.failing.add('projection-service');
      return () => kubelet?.failing.clear();
    },
    async approved(world, run) {
      await untilStep(world, run, 'wait-ready');
      await world.inside.type(['abort', run]);
    },
  },
};

/** What is wrong with the files that say what Velero did. */
export const FILES: Arrangements = {
  "Velero's file of results is missing": afterwards,
  "Velero's file of results is larger than any can be": afterwards,
  "Velero's file of results is on a host that is not the storage location's": {
    needs: 'workloads',
    async approved(world, run) {
      await untilRestoreIsThere(world, run);
      world.velero.faults.results = { host: 'files.example.com' };
    },
  },
  "Velero's file of results is answered with a redirect": afterwards,
  "Velero's file of results is no gzip": afterwards,
  "Velero's file of results names an error that the Restore does not count": afterwards,
  'Velero never processes a DownloadRequest while it is verified': {
    needs: 'workloads',
    async approved(world, run) {
      await untilRestoreIsThere(world, run);
      world.velero.faults.ignoreDownloads = true;
      await untilVerifying(world, run);
      await pause(300);
      world.inside.clock.move(61_000);
    },
  },
  'The object storage is away while it is verified, and comes back': {
    needs: 'workloads',
    async approved(world, run) {
      const { faults, setUnavailable } = world.velero;
      await untilRestoreIsThere(world, run);
      faults.ignoreDownloads = true;
      await untilVerifying(world, run);
      await setUnavailable('the bucket does not answer');
      delete faults.ignoreDownloads;
      await pause(1_200);
      await setUnavailable(undefined);
    },
  },
};
