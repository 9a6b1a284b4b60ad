import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { VeleroFaults } from '../../../sandbox/velero/faults.ts';
import { isOver } from '../../../src/domain/run.ts';
import { standOf } from '../../../src/views/run.ts';
import { goInside } from '../inside.ts';
import { approve, loseNamespace, planOf } from '../story.ts';
import { canTravel, eventually, NAMESPACE, openWorld, type World } from '../world.ts';
import { findUnguarded } from './guards.ts';
import { createFence } from './step-fence.ts';

type Heal = () => unknown;

/** One row of the fault table in docs/faults.md, and the journey that proves it. */
export interface Row {
  fault: string;
  ends: 'refused' | 'parked' | 'failed' | 'succeeded' | 'aborted';
  /** What the engineer reads. */
  sentence: string;
  /** How many Restores the run has created by then; of a backup: how many Backups. */
  restores: 0 | 1;
  /** `backup create` of the namespace, which is there; nobody approves it. Left out: the namespace is lost, and restored. */
  asks?: 'backup create';
  /** What the plan says of it before it is approved. */
  plan?: string;
  /** Another namespace than the usual one. */
  namespace?: string;
  /** More words of the command. */
  words?: string[];
  /** The command is refused at the door: no run is begun. */
  door?: true;
  /** Changes the shipped runbook's text: the run is asked for with a RUNBOOKS_DIR of its own. */
  runbook?(text: string): string;
  /** The namespace is not lost, but as `arrange` leaves it. */
  keeps?: true;
  velero?: VeleroFaults;
  /** Makes the fault before the request; answers the way to undo it. */
  arrange?(world: World): Heal | Promise<Heal>;
  /** After the request, while it is planned. */
  planning?(world: World, run: string): unknown;
  /** Between the plan and its approval. */
  planned?(world: World, run: string): unknown;
  /** After the approval. */
  approved?(world: World, run: string): unknown;
}

/** Asked again and again, with the number of the run's events so far. */
type GivesUp = (events: number) => boolean;

/** How a row was played out. */
export interface Ending {
  /** As `dr runs` words it. */
  stand: string;
  /** What `dr status` said before the approval, and at the end. */
  plan: string;
  text: string;
  restores: number;
}

/** One bot, one cluster, row after row; whatever a row breaks is healed after it. */
export function playRows(title: string, rows: readonly Row[]): void {
  describe.skipIf(!canTravel)(title, () => {
    const fence = createFence();
    let world: World;
    beforeAll(async () => {
      world = await openWorld({ wrapSteps: fence.wrap });
      await world.inside.startBot();
    });
    afterAll(() => world.close());

    test.each(rows.map((row) => [row.fault, row] as const))('%s', async (_fault, row) => {
      const ending = await playRow(world, row);
      expect(findDifferences(row, ending), ending.text).toEqual([]);
    });

    test('whatever the steps looked at has a guard, or is known to be advice', () => {
      expect(findUnguarded(fence.seen())).toEqual([]);
    });
  });
}

/** Plays a row from its fault to the end, and heals what it broke. `givesUp`: whether a run that goes on is looked at as it is. */
export async function playRow(world: World, row: Row, givesUp: GivesUp = () => false): Promise<Ending> {
  const { cluster } = world.sandbox;
  let heal: Heal = () => undefined;
  try {
    if (row.keeps !== true) await loseNamespace(world);
    else if (row.asks === 'backup create') await bringBack(world);
    heal = (await row.arrange?.(world)) ?? heal;
    Object.assign(cluster.velero.faults, row.velero);
    return await askAndWait(world, row, givesUp);
  } finally {
    world.inside.clock.reset();
    for (const name of Object.keys(cluster.velero.faults)) Reflect.deleteProperty(cluster.velero.faults, name);
    cluster.api.faults.clear();
    await cluster.api.faults.up();
    await endRuns(world);
    await heal();
    if (row.asks === 'backup create') dropBackups(world);
    await untilVeleroIsFree(world);
  }
}

/** In what the ending is not what the table says; nothing where it is. */
export function findDifferences({ ends, sentence, restores, plan, door }: Row, ending: Ending): string[] {
  const differences: string[] = [];
  if (ending.stand !== (door ? 'at the door' : ends)) differences.push(`it is ${ending.stand}, not ${ends}`);
  if (!ending.text.includes(sentence)) differences.push(`it does not say: ${sentence}`);
  if (plan !== undefined && !ending.plan.includes(plan)) differences.push(`the plan does not say: ${plan}`);
  if (ending.restores !== restores) differences.push(`${ending.restores} Restores or Backups, not ${restores}`);
  const verdict = /(?<!NOT )(RECOVERED|DONE) and verified/.test(ending.text);
  if (verdict !== (ends === 'succeeded')) differences.push(`RECOVERED or DONE and verified: ${verdict}`);
  return differences;
}

async function askAndWait(world: World, row: Row, givesUp: GivesUp): Promise<Ending> {
  const before = world.restores().length;
  const answer = await typeRequest(world, row);
  const run = /^Run ([a-z0-9]{6}):/m.exec(answer)?.[1];
  if (run === undefined)
    return { stand: 'at the door', plan: '', text: answer, restores: world.restores().length - before };
  await row.planning?.(world, run);
  let plan = '';
  if (row.asks === 'backup create') await row.approved?.(world, run);
  else if (row.ends !== 'refused') {
    const digest = await planOf(world, run);
    plan = (await world.inside.type(['status', run])).text;
    await row.planned?.(world, run);
    const { code, text } = await approve(world, run, digest);
    if (code !== 0) throw new Error(text);
    await row.approved?.(world, run);
  }
  const stand = await untilItStands(world, run, row, givesUp);
  const { text } = await world.inside.type(['status', run]);
  return { stand, plan, text, restores: countOurs(world, row, run) };
}

function countOurs({ sandbox: { cluster } }: World, { asks }: Row, run: string): number {
  const all =
    asks === undefined
      ? cluster.velero.restoresSeen()
      : cluster.store.list('backups.velero.io', 'velero').map(({ metadata }) => metadata);
  return all.filter(({ labels }) => labels?.['muster.dev/run'] === run).length;
}

/** The namespace as it is when all is well: only what a pod has mounted has its data in a backup. */
async function bringBack({ sandbox: { cluster } }: World): Promise<void> {
  await cluster.seed();
  await eventually('each PVC is mounted', () => {
    const pods = JSON.stringify(cluster.store.list('pods', NAMESPACE));
    const claims = cluster.store.list('persistentvolumeclaims', NAMESPACE);
    return claims.every(({ metadata }) => pods.includes(`"claimName":"${metadata.name}"`)) || undefined;
  });
}

/** Types the command; with a runbook of its own, at a Muster that has it. The bot that does the work is the same. */
async function typeRequest({ inside, sandbox }: World, row: Row): Promise<string> {
  const words = [...(row.asks ?? 'restore namespace').split(' '), row.namespace ?? NAMESPACE, ...(row.words ?? [])];
  if (row.runbook === undefined) return (await inside.type(words)).text;
  const folder = await mkdtemp(join(tmpdir(), 'muster-runbooks-'));
  const shipped = await readFile(join(import.meta.dirname, '../../../runbooks/restore-namespace.yaml'), 'utf8');
  await writeFile(join(folder, 'restore-namespace.yaml'), row.runbook(shipped));
  const own = await goInside({ ...sandbox.env, RUNBOOKS_DIR: folder });
  try {
    return (await own.type(words)).text;
  } finally {
    await own.close();
    await rm(folder, { recursive: true });
  }
}

/** Waits until the run is over, or waits for a human; after 30 s, or what gives up sooner, it is as it is. */
async function untilItStands(world: World, run: string, { ends }: Row, givesUp: GivesUp): Promise<string> {
  const resting = ['parked', ...(ends === 'refused' ? ['waiting for approval'] : [])];
  let stand = '';
  const look = async () => {
    const state = await world.state(run);
    stand = state === undefined ? 'not in the ledger' : standOf(state);
    const rests = state !== undefined && (isOver(state) || resting.includes(stand));
    return rests || givesUp((await world.events(run)).length) ? stand : undefined;
  };
  return eventually(`the end of ${run}`, look).catch(() => stand);
}

/** Aborts what the row left open; its namespace is the next row's. */
async function endRuns(world: World): Promise<void> {
  for (const stream of await world.ledger.unfinished()) {
    const run = stream.replace(/^run-/, '');
    await eventually(`${run} is over`, async () => {
      const state = await world.state(run);
      if (state === undefined || isOver(state)) return true;
      // The worker may have recorded something in the same moment: then it is told again.
      if (state.abort === undefined) await world.inside.type(['abort', run]);
      return undefined;
    });
  }
}

/** What the row's backups are is no business of the next row. */
function dropBackups({ sandbox: { cluster } }: World): void {
  for (const { metadata } of cluster.store.list('backups.velero.io', 'velero'))
    if (metadata.name.startsWith('dr-')) cluster.store.remove('backups.velero.io', 'velero', metadata.name);
}

/** The next row starts with nothing under way. */
async function untilVeleroIsFree({ sandbox }: World): Promise<void> {
  const over = /^(Completed|PartiallyFailed|Failed|FailedValidation)$/;
  await expect
    .poll(
      () =>
        ['restores.velero.io', 'backups.velero.io']
          .flatMap((kind) => sandbox.cluster.store.list(kind, 'velero'))
          .filter((it) => !over.test((it['status'] as { phase?: string } | undefined)?.phase ?? '')).length,
      { timeout: 15_000 },
    )
    .toBe(0);
}
