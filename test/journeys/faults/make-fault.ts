import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { durationMs } from '../../../src/domain/duration.ts';
import { restoreOf, untilPhase, untilStep } from '../story.ts';
import { eventually, NAMESPACE, pause, type World } from '../world.ts';

/** What several rows of the fault table are made with. */

const SECOND = 1_000;
const RUNBOOK = readFileSync(join(import.meta.dirname, '../../../runbooks/restore-namespace.yaml'), 'utf8');

/** How long the shipped runbook lets a Restore stay in a phase, in seconds. */
export function secondsAllowed(phase: string): number {
  const text = new RegExp(`^ {8}${phase.replace(/PartiallyFailed$/, '')}: (\\w+)$`, 'm').exec(RUNBOOK)?.[1];
  if (text === undefined) throw new Error(`the runbook has no deadline for ${phase}`);
  return durationMs(text) / SECOND;
}

/** Lets the time pass that the runbook allows, once Velero is in the phase. */
export const outlastPhase = (phase: string) => async (world: World, run: string) => {
  if (phase === 'New') await untilRestoreIsThere(world, run);
  else await untilPhase(world, run, phase);
  await untilItLooked(world, run);
  world.inside.clock.move((secondsAllowed(phase) + 60) * SECOND);
};

/** The worker has seen the Restore as it is now: a later phase counts from when it was first seen. */
async function untilItLooked({ sandbox, inside }: World, run: string): Promise<void> {
  const since = Date.now();
  inside.clock.move(2 * SECOND);
  await eventually('it has looked', () => {
    const requests = sandbox.cluster.api.requests().filter(({ at }) => at > since);
    const read = requests.findIndex(
      ({ resource, name }) => resource === 'restores.velero.io' && name === restoreOf(run),
    );
    if (read === -1) return undefined;
    const volumes = requests.slice(read).find(({ resource }) => resource === 'datadownloads.velero.io');
    return volumes?.status;
  });
  await pause(300);
}

/** Lets minutes pass once the step has been started, and `dr status` says `progress` of it. */
export const outlastStep =
  (step: string, minutes: number, progress = '') =>
  async (world: World, run: string) => {
    await untilStep(world, run, step);
    await eventually(`${step}: ${progress}`, async () => {
      if ((await world.state(run))?.steps.get(step)?.outcome !== undefined) return true;
      return (await world.inside.type(['status', run])).text.includes(progress) || undefined;
    });
    await pause(500);
    world.inside.clock.move(minutes * 60 * SECOND);
  };

/** Lets the time pass that Velero has for its answer, and then the time that the other steps have. */
export async function outlastSilence({ sandbox, inside }: World): Promise<void> {
  const asked = () => sandbox.cluster.store.list('serverstatusrequests.velero.io', 'velero');
  await eventually('it is asked', () => asked().some((it) => it['status'] === undefined) || undefined);
  await pause(300);
  inside.clock.move(11 * SECOND);
  await pause(500);
  inside.clock.move(4 * SECOND);
}

export async function untilRestoreIsThere(world: World, run: string): Promise<void> {
  await eventually('the Restore is there', () => world.restores().includes(restoreOf(run)) || undefined);
}

/** The API server goes away for a moment. */
export async function blink({ sandbox }: World, ms = 700): Promise<void> {
  await sandbox.cluster.api.faults.down();
  await pause(ms);
  await sandbox.cluster.api.faults.up();
}

/** Keeps Velero from offering its files, so that the verification waits while `change` is made to what it will look at. */
export const whileItIsVerified =
  (change: (world: World, run: string) => unknown) => async (world: World, run: string) => {
    const { faults } = world.sandbox.cluster.velero;
    // From here on only the verification downloads; the last steps may be over in a moment.
    await untilRestoreIsThere(world, run);
    faults.ignoreDownloads = true;
    await eventually('the last step is over', async () => {
      const steps = (await world.state(run))?.steps;
      return steps?.get('data')?.outcome;
    });
    await change(world, run);
    delete faults.ignoreDownloads;
  };

/** A backup of everything that is in the namespace now; answers the way to take it away again. */
export function takeBackup(
  { sandbox }: World,
  request: Parameters<World['sandbox']['cluster']['velero']['takeBackup']>[0],
): () => void {
  const { metadata } = sandbox.cluster.velero.takeBackup({ namespaces: [NAMESPACE], ...request });
  return () => sandbox.cluster.store.remove('backups.velero.io', 'velero', metadata.name);
}

/** Puts the namespace back, changes it, takes a backup of it and loses it again. */
export async function takeBackupOf(
  world: World,
  name: string,
  change: (world: World) => unknown,
  outcome?: { phase: 'PartiallyFailed'; errors: number },
): Promise<() => void> {
  const { store } = world.sandbox.cluster;
  await world.sandbox.cluster.seed();
  await change(world);
  const heal = takeBackup(world, { name, ...(outcome === undefined ? {} : { outcome }) });
  store.remove('namespaces', undefined, NAMESPACE);
  await untilGone(world, 'namespaces', undefined, NAMESPACE);
  return heal;
}

/** The Deployments and StatefulSets are lost, all else is there. */
export async function loseWorkloads({ sandbox }: World): Promise<void> {
  const { store } = sandbox.cluster;
  await sandbox.cluster.seed();
  for (const kind of ['deployments.apps', 'statefulsets.apps'])
    for (const { metadata } of store.list(kind, NAMESPACE)) store.remove(kind, NAMESPACE, metadata.name);
  await eventually('the pods are gone', () => store.list('pods', NAMESPACE).length === 0 || undefined);
}

export async function untilGone(
  { sandbox }: World,
  resource: string,
  namespace: string | undefined,
  name: string,
): Promise<void> {
  await eventually(
    `${name} is gone`,
    () => sandbox.cluster.store.get(resource, namespace, name) === undefined || undefined,
  );
}
