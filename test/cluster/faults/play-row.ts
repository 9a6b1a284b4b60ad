import { expect } from 'vitest';
import { isOver } from '../../../src/domain/run.ts';
import { abort, ask, planOf, until } from '../../journeys/story.ts';
import { eventually, NAMESPACE, REASON } from '../../journeys/world.ts';
import type { RealWorld } from './real-world.ts';
import type { RealRow, TableRow } from './rows.ts';

/** Makes the fault, asks for the namespace, and holds the end against the row; then heals what is broken. */
export async function playRow(world: RealWorld, real: RealRow): Promise<void> {
  const { row, arrangement } = real;
  const { velero, gateway, inside, kubelet } = world;
  let heal: () => unknown = () => undefined;
  let run: string | undefined;
  try {
    await world.loseNamespace();
    heal = (await arrangement.arrange?.(world)) ?? heal;
    Object.assign(velero.faults, row.velero);
    if (row.door) return await knock(world, row);
    run = await ask(world, wordsOf(row));
    await playRun(world, real, run);
  } finally {
    inside.clock.reset();
    for (const name of Object.keys(velero.faults)) Reflect.deleteProperty(velero.faults, name);
    await gateway.heal();
    await heal();
    if (run !== undefined) await endRun(world, run);
    kubelet?.check();
    await eventually('Velero is free', async () => (await velero.isFree()) || undefined);
  }
}

function wordsOf({ namespace = NAMESPACE, words = [] }: TableRow): string[] {
  return ['restore', 'namespace', namespace, ...words];
}

/** Nothing is recorded, and nothing is asked of the cluster. */
async function knock({ inside, gateway }: RealWorld, row: TableRow): Promise<void> {
  const before = gateway.passed().length;
  const { code, text } = await inside.type(wordsOf(row));
  expect(text).toContain(row.sentence);
  expect(code).toBe(1);
  expect(text).not.toMatch(/^Run [a-z0-9]{6}:/m);
  expect(gateway.passed().slice(before)).toEqual([]);
}

async function playRun(world: RealWorld, { row, arrangement }: RealRow, run: string): Promise<void> {
  await arrangement.planning?.(world, run);
  if (row.ends !== 'refused') {
    const digest = await planOf(world, run);
    if (row.plan !== undefined) expect((await world.inside.type(['status', run])).text).toContain(row.plan);
    await arrangement.planned?.(world, run);
    const { code, text } = await world.inside.type(['approve', run, digest, '--reason', REASON]);
    expect(code, text).toBe(0);
    await arrangement.approved?.(world, run);
  }
  await untilEnd(world, run, row.ends);
  const { text } = await world.inside.type(['status', run]);
  expect(text).toContain(row.sentence);
  expect(/(?<!NOT )RECOVERED and verified/.test(text), text).toBe(row.ends === 'succeeded');
  expect(arrangement.proof?.(world, run) ?? true, 'the fault came to pass').toBe(true);
  expect(world.countRestores(run)).toBe(row.restores);
}

/** So that the next run gets the namespace. */
async function endRun(world: RealWorld, run: string): Promise<void> {
  const state = await world.state(run);
  if (state !== undefined && !isOver(state)) await abort(world, run);
}

/** At five times the speed of real time: what waits here waits for its next look. With the status in words, where the run does not end so. */
async function untilEnd(world: RealWorld, run: string, stand: string): Promise<void> {
  const hurry = setInterval(() => world.inside.clock.move(800), 200);
  const ended = until(world, run, stand).finally(() => clearInterval(hurry));
  await ended.catch(async (cause: unknown) => {
    const { text } = await world.inside.type(['status', run]);
    throw new Error(`${String(cause)}\n${text}`, { cause });
  });
}
