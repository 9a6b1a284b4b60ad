import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { VeleroFaults } from '../../../sandbox/velero/faults.ts';
import { abort, approve, ask, loseNamespace, planOf, until } from '../story.ts';
import { canTravel, NAMESPACE, openWorld, type World } from '../world.ts';

type Heal = () => unknown;

/** One row of the fault table in docs/faults.md, and the journey that proves it. */
export interface Row {
  fault: string;
  ends: 'refused' | 'parked' | 'failed' | 'succeeded';
  /** What the engineer reads. */
  sentence: string;
  /** How many Restores the run has created by then. */
  restores: 0 | 1;
  /** More words of the command. */
  words?: string[];
  /** The namespace is not lost, but as `arrange` leaves it. */
  keeps?: true;
  velero?: VeleroFaults;
  /** Makes the fault before the request; answers the way to undo it. */
  arrange?(world: World): Heal | Promise<Heal>;
  /** After the request, while it is planned. */
  planning?(world: World): unknown;
  /** Between the plan and its approval. */
  planned?(world: World, run: string): unknown;
  /** After the approval. */
  approved?(world: World, run: string): unknown;
}

/** One bot, one cluster, row after row; whatever a row breaks is healed after it. */
export function playRows(title: string, rows: readonly Row[]): void {
  describe.skipIf(!canTravel)(title, () => {
    let world: World;
    beforeAll(async () => {
      world = await openWorld();
      await world.inside.startBot();
    });
    afterAll(() => world.close());

    test.each(rows.map((row) => [row.fault, row] as const))('%s', async (_fault, row) => {
      const { cluster } = world.sandbox;
      let heal: Heal = () => undefined;
      let run = '';
      try {
        if (row.keeps !== true) await loseNamespace(world);
        heal = (await row.arrange?.(world)) ?? heal;
        Object.assign(cluster.velero.faults, row.velero);
        run = await playRow(world, row);
        await judgeRow(world, row, run);
      } finally {
        world.inside.clock.reset();
        for (const name of Object.keys(cluster.velero.faults)) Reflect.deleteProperty(cluster.velero.faults, name);
        cluster.api.faults.clear();
        await heal();
        if (row.ends === 'parked' && run !== '') await abort(world, run);
        await untilVeleroIsFree(world);
      }
    });
  });
}

async function playRow(world: World, row: Row): Promise<string> {
  const run = await ask(world, ['restore', 'namespace', NAMESPACE, ...(row.words ?? [])]);
  await row.planning?.(world);
  if (row.ends !== 'refused') {
    const digest = await planOf(world, run);
    await row.planned?.(world, run);
    const { code, text } = await approve(world, run, digest);
    expect(code, text).toBe(0);
    await row.approved?.(world, run);
  }
  await until(world, run, row.ends);
  return run;
}

async function judgeRow(world: World, { ends, sentence, restores }: Row, run: string): Promise<void> {
  const { text } = await world.inside.type(['status', run]);
  expect(text).toContain(sentence);
  if (ends === 'succeeded') expect(text).toContain('RECOVERED and verified');
  else expect(text).not.toMatch(/(?<!NOT )RECOVERED/);
  expect(
    world.sandbox.cluster.velero.restoresSeen().filter(({ labels }) => labels?.['muster.dev/run'] === run),
  ).toHaveLength(restores);
}

/** The next row starts with nothing under way. */
async function untilVeleroIsFree({ sandbox }: World): Promise<void> {
  const over = /^(Completed|PartiallyFailed|Failed|FailedValidation)$/;
  await expect
    .poll(
      () =>
        sandbox.cluster.store
          .list('restores.velero.io', 'velero')
          .filter((it) => !over.test((it['status'] as { phase?: string } | undefined)?.phase ?? '')).length,
      { timeout: 15_000 },
    )
    .toBe(0);
}
