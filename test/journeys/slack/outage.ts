import { expect } from 'vitest';
import { loseNamespace, until, untilPhase } from '../story.ts';
import { type Bot, pause } from '../world.ts';
import { askInSlack, press, untilReady } from './act.ts';
import { openSlackWorld, type SlackWorld, type Way } from './open-slack.ts';
import { PATIENCE_MS } from './patience.ts';
import { saidInTheEnd } from './said.ts';

/** What every journey through an outage does. */

/** A log that says it once, and in each of its parts, stays below this many lines for the whole outage. */
const FLOOD = 20;

/** The bot stays, answers `/healthz`, and says in `/readyz` which part is away. */
export async function liveThrough(bot: Bot, part: string, ms: number): Promise<void> {
  const url = await bot.url();
  await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(20_000) });
  const before = bot.lines().length;
  const end = Date.now() + ms;
  let told = false;
  while (Date.now() < end || !told) {
    expect(bot.alive(), bot.log()).toBe(true);
    expect((await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(5_000) })).status).toBe(200);
    const { parts } = (await (await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(20_000) })).json()) as {
      parts: { name: string; ok: boolean }[];
    };
    told ||= parts.some(({ name, ok }) => name === part && !ok);
    expect(Date.now(), `readyz tells of ${part}`).toBeLessThan(end + 20_000);
    await pause(2_000);
  }
  expect(bot.lines().length - before, bot.log()).toBeLessThan(FLOOD);
}

/** Asks and approves in Slack; Velero then holds the Restore until `stuckIn` is taken away. */
export async function beginInSlack(world: SlackWorld): Promise<string> {
  await untilReady(world);
  await loseNamespace(world);
  world.sandbox.cluster.velero.faults.stuckIn = 'InProgress';
  const run = await askInSlack(world);
  await press(world, 'lead', 'Approve', run);
  await untilPhase(world, run, 'InProgress', PATIENCE_MS);
  return run;
}

/** How a run ended and what was said about it. */
export async function endOf(world: SlackWorld, run: string): Promise<typeof WELL> {
  await until(world, run, 'succeeded', PATIENCE_MS);
  const said = await saidInTheEnd(world, run);
  const verdict = said.at(-1)?.text.includes('RECOVERED and verified') === true ? 'RECOVERED and verified' : 'another';
  return { said: said.map(({ kind }) => kind), verdict, restores: world.restores().length };
}

export const WELL = { said: ['card', 'plan', 'end'], verdict: 'RECOVERED and verified', restores: 1 };

export async function inWorld<T>(way: Way, journey: (world: SlackWorld) => Promise<T>): Promise<T> {
  const world = await openSlackWorld({ way });
  try {
    return await journey(world);
  } finally {
    await world.close();
  }
}
