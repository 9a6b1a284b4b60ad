import { loseNamespace, until, untilPhase } from '../story.ts';
import { NAMESPACE, type World } from '../world.ts';
import { outlastPhase, secondsAllowed, takeBackup } from './make-fault.ts';
import type { Row } from './row.ts';

/** A phase that Velero does not leave, and who is named as the one to look at. */
const CULPRITS = {
  New: 'Velero has not taken it up; is its Deployment ready, is another Restore running?',
  InProgress: 'Velero is still restoring items',
  WaitingForPluginOperations: 'a plugin has not ended its operation',
  WaitingForPluginOperationsPartiallyFailed: 'a plugin has not ended its operation',
  Finalizing: 'Velero waits for restore hooks or for volumes to be bound',
  FinalizingPartiallyFailed: 'Velero waits for restore hooks or for volumes to be bound',
} as const;
type Phase = keyof typeof CULPRITS;

/** Only what moves data has operations to wait for, and only a Restore with errors has the twins of a phase. */
function makePhase(phase: Phase): Pick<Row, 'velero' | 'words' | 'keeps' | 'arrange'> {
  const errors = phase.endsWith('PartiallyFailed') ? { outcome: { phase: 'PartiallyFailed', errors: 1 } as const } : {};
  const velero = { stuckIn: phase, ...errors };
  if (!phase.startsWith('Waiting')) return { velero };
  return {
    velero,
    words: ['--from', 'moved'],
    keeps: true,
    async arrange(world) {
      await world.sandbox.cluster.seed();
      const heal = takeBackup(world, { name: 'moved', moveData: true });
      await loseNamespace(world);
      return heal;
    },
  };
}

function stuckIn(phase: Phase): Row {
  return {
    fault: `The Restore stays ${phase}`,
    ends: 'parked',
    sentence: `(allowed: ${secondsAllowed(phase)} s): ${CULPRITS[phase].replace(/(?<!\?)$/, '.')} It was not stopped: Velero has no cancel.`,
    restores: 1,
    ...makePhase(phase),
    approved: outlastPhase(phase),
  };
}

/** In real time: the runbook says how long. */
function stuckFor(phase: Phase, seconds: number): Row {
  const name = phase.replace(/PartiallyFailed$/, '');
  return {
    ...stuckIn(phase),
    fault: `The Restore stays ${phase}, and the runbook allows it ${seconds} s`,
    sentence: `(allowed: ${seconds} s): ${CULPRITS[phase]}`,
    runbook: (text) => text.replace(new RegExp(`^( {8}${name}): \\w+$`, 'm'), `$1: ${seconds}s`),
    approved: () => undefined,
  };
}

/** Where the Restore stays, phase by phase, for longer than the runbook allows. */
export const PHASE_ROWS: Row[] = [
  stuckIn('New'),
  stuckIn('InProgress'),
  stuckIn('WaitingForPluginOperations'),
  stuckIn('WaitingForPluginOperationsPartiallyFailed'),
  stuckIn('Finalizing'),
  stuckIn('FinalizingPartiallyFailed'),
  stuckFor('New', 3),
  stuckFor('FinalizingPartiallyFailed', 2),
  {
    fault: 'The Restore stays New, the run is retried, and Velero takes it up',
    ends: 'succeeded',
    sentence: `RECOVERED and verified: ${NAMESPACE}`,
    restores: 1,
    velero: { stuckIn: 'New' },
    async approved(world: World, run: string) {
      await outlastPhase('New')(world, run);
      await until(world, run, 'parked');
      delete world.sandbox.cluster.velero.faults.stuckIn;
      await untilPhase(world, run, 'Completed');
      await world.inside.type(['retry', run]);
    },
  },
];
