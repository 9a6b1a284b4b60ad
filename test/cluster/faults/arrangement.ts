import type { Backup } from '../../../sandbox/velero/velero-types.ts';
import { restoreOf, untilStep } from '../../journeys/story.ts';
import { eventually, NAMESPACE, pause } from '../../journeys/world.ts';
import type { RealWorld } from './real-world.ts';
import { list, VELERO_API } from './velero-objects.ts';

type Heal = () => unknown;

/** How a row of the fault table is made on a real kube-apiserver; the row itself says the rest. */
export interface Arrangement {
  /** It ends after the restore: pods have to run, and services to be reached. */
  needs?: 'workloads';
  /** Makes the fault before the request; answers the way to undo it. */
  arrange?(world: RealWorld): Promise<Heal>;
  planning?(world: RealWorld, run: string): unknown;
  planned?(world: RealWorld, run: string): unknown;
  approved?(world: RealWorld, run: string): unknown;
  /** Whether the fault came to pass, where the end alone does not show it. */
  proof?(world: RealWorld, run: string): boolean;
}

/** By the row's `fault`. */
export type Arrangements = Record<string, Arrangement>;

const MINUTE = 60_000;
export const CORE = '/api/v1/namespaces';
/** In the namespace that is to be restored. */
export const HERE = `${CORE}/${NAMESPACE}`;

type BackupRequest = Parameters<RealWorld['past']['takeBackup']>[0];

export const takeBackup = (request: BackupRequest) => (world: RealWorld) =>
  world.velero.keepBackup(world.past.takeBackup({ namespaces: [NAMESPACE], ...request }));

/** Lets the time pass that the runbook allows, once Velero is in the phase. */
export const outlastPhase = (phase: string, minutes: number) => async (world: RealWorld, run: string) => {
  await untilPhase(world, run, phase);
  await pause(400);
  world.inside.clock.move(minutes * MINUTE);
};

export const outlastStep = (step: string, minutes: number) => async (world: RealWorld, run: string) => {
  await untilStep(world, run, step);
  await pause(500);
  world.inside.clock.move(minutes * MINUTE);
};

/** Lets the time pass that Velero has for its answer, and then the time that the other steps have. */
export async function outlastSilence({ admin, inside }: RealWorld): Promise<void> {
  await eventually('Velero is asked', async () => (await list(admin, 'serverstatusrequests')).length > 0 || undefined);
  await pause(300);
  inside.clock.move(11_000);
  await pause(500);
  inside.clock.move(4_000);
}

/** A phase that is not set yet is New. */
export async function untilPhase({ admin }: RealWorld, run: string, phase: string): Promise<void> {
  await eventually(`Restore of ${run} ${phase}`, async () => {
    const { status, json } = await admin.send('GET', `${VELERO_API}/restores/${restoreOf(run)}`);
    const { phase: now = 'New' } = (json as { status?: { phase?: string } }).status ?? {};
    return (status === 200 && now === phase) || undefined;
  });
}

export async function untilRestoreIsThere(world: RealWorld, run: string): Promise<void> {
  await eventually('the Restore is there', () => world.countRestores(run) || undefined);
}

/** With these annotations, and nothing in it. */
export async function makeNamespace({ admin }: RealWorld, annotations = {}): Promise<void> {
  await admin.must('POST', CORE, { metadata: { name: NAMESPACE, annotations } });
}

export async function makeConfigMap({ admin }: RealWorld, name: string, namespace = NAMESPACE): Promise<void> {
  await admin.must('POST', `${CORE}/${namespace}/configmaps`, { metadata: { name } });
}

/** Somebody else's Restore, of another namespace. */
export async function makeRestore({ admin }: RealWorld, name: string): Promise<void> {
  const [backup] = (await list<Backup>(admin, 'backups')).filter(({ status }) => status?.phase === 'Completed');
  const spec = { backupName: backup?.metadata.name, includedNamespaces: ['elsewhere'] };
  await admin.must('POST', `${VELERO_API}/restores`, {
    ...{ apiVersion: 'velero.io/v1', kind: 'Restore' },
    metadata: { name, namespace: 'velero' },
    spec,
  });
}

/** The same again, with another uid. */
export async function replaceObject({ admin }: RealWorld, path: string): Promise<void> {
  const { metadata, ...rest } = (await admin.must('GET', path)) as { metadata: { [field: string]: unknown } };
  await admin.must('DELETE', path);
  const { name, namespace, labels, annotations } = metadata;
  const again = { ...rest, metadata: { name, namespace, labels, annotations } };
  await admin.must('POST', path.slice(0, path.lastIndexOf('/')), again);
}

/** The API server goes away for a moment. */
export async function blink({ gateway }: RealWorld): Promise<void> {
  await gateway.down();
  await pause(700);
  await gateway.up();
}

export const blinkIn = (step: string) => async (world: RealWorld, run: string) => {
  await untilStep(world, run, step);
  await blink(world);
};

/** Keeps Velero from offering its files, so that the verification waits while `change` is made to what it will look at. */
export const whileItIsVerified =
  (change: (world: RealWorld, run: string) => unknown) => async (world: RealWorld, run: string) => {
    const { faults } = world.velero;
    await untilStep(world, run, 'health');
    faults.ignoreDownloads = true;
    await untilVerifying(world, run);
    await change(world, run);
    delete faults.ignoreDownloads;
  };

export async function untilVerifying(world: RealWorld, run: string): Promise<void> {
  await eventually('the last step is over', async () => (await world.state(run))?.steps.get('health')?.outcome);
}
