import { describe, expect, test } from 'vitest';
import { approve, ask, beginRestore, loseNamespace, planOf, until, untilPhase } from './story.ts';
import { type Bot, canTravel, NAMESPACE, openWorld, pause, type World } from './world.ts';

/** How long Redis or the cluster is away, ms. */
const AWAY_MS = 30_000;
/** A log that says it once, and in each of its parts, stays below this many lines for the whole outage. */
const FLOOD = 12;

const TIMEOUT = { timeout: 120_000 };

/** Lives through an outage: the process stays, answers `/healthz`, is not ready, and does not flood its log. */
async function liveThrough(bot: Bot, ms: number, said: RegExp): Promise<void> {
  const url = await bot.url();
  // The first answer may wait while the process loads its Kubernetes client.
  await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(20_000) });
  const before = bot.lines().length;
  const until = Date.now() + ms;
  let notReady = false;
  while (Date.now() < until) {
    expect(bot.alive(), bot.log()).toBe(true);
    const health = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(5_000) });
    expect(health.status).toBe(200);
    const ready = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(10_000) });
    notReady ||= ready.status === 503;
    await pause(2_500);
  }
  expect(notReady, 'readyz told of the outage').toBe(true);
  expect(bot.log()).toMatch(said);
  expect(bot.lines().length - before, bot.log()).toBeLessThan(FLOOD);
}

/** One Restore, each of the five steps once, every check passed but the data's, for which nothing is declared. */
const WELL = { outcome: 'succeeded', restores: 1, started: 5, succeeded: 5, notPassed: ['data unchecked'] };

async function endOf(world: World, run: string): Promise<typeof WELL> {
  const { outcome = '', checks = [] } = await until(world, run, 'succeeded', 40_000);
  const events = await world.events(run);
  return {
    outcome,
    restores: world.restores().length,
    started: events.filter((type) => type === 'step.started').length,
    succeeded: events.filter((type) => type === 'step.succeeded').length,
    notPassed: checks.filter(({ verdict }) => verdict !== 'pass').map(({ name, verdict }) => `${name} ${verdict}`),
  };
}

describe.skipIf(!canTravel).concurrent('what the bot stands on goes away', () => {
  test('Redis is down when the bot starts, and comes', TIMEOUT, async () => {
    const world = await openWorld();
    try {
      await world.redis.kill();
      const bot = world.startBot();
      await liveThrough(bot, 8_000, /the sweep waits/);
      const refused = await world.dr(['restore', 'namespace', NAMESPACE]);
      expect(refused.code).toBe(75);
      await world.redis.restart();
      expect(await endOf(world, await beginRestore(world))).toEqual(WELL);
      expect(bot.alive()).toBe(true);
    } finally {
      await world.close();
    }
  });

  test('the cluster is down when the bot starts, and comes', TIMEOUT, async () => {
    const world = await openWorld();
    try {
      await loseNamespace(world);
      await world.sandbox.cluster.api.faults.down();
      const bot = world.startBot();
      await bot.url();
      const run = await ask(world);
      await liveThrough(bot, 8_000, /waiting to go on with the run/);
      expect((await world.state(run))?.outcome).toBeUndefined();
      await world.sandbox.cluster.api.faults.up();
      await approve(world, run, await planOf(world, run));
      expect(await endOf(world, run)).toEqual(WELL);
      expect(bot.alive()).toBe(true);
    } finally {
      await world.close();
    }
  });

  test('Redis is down for 30 s in mid-run', TIMEOUT, async () => {
    const world = await openWorld();
    try {
      const bot = world.startBot();
      const { faults } = world.sandbox.cluster.velero;
      faults.stuckIn = 'InProgress';
      const run = await beginRestore(world);
      await untilPhase(world, run, 'InProgress');
      await world.redis.kill();
      // Velero ends meanwhile: that must be found out, not done again.
      delete faults.stuckIn;
      await liveThrough(bot, AWAY_MS, /waiting to go on with the run/);
      await world.redis.restart();
      expect(await endOf(world, run)).toEqual(WELL);
      expect(bot.alive()).toBe(true);
    } finally {
      await world.close();
    }
  });

  test('the cluster is down for 30 s in mid-run', TIMEOUT, async () => {
    const world = await openWorld();
    try {
      const bot = world.startBot();
      const { velero, api } = world.sandbox.cluster;
      velero.faults.stuckIn = 'InProgress';
      const run = await beginRestore(world);
      await untilPhase(world, run, 'InProgress');
      await api.faults.down();
      delete velero.faults.stuckIn;
      await liveThrough(bot, AWAY_MS, /cannot tell where the step stands; looking again/);
      await api.faults.up();
      expect(await endOf(world, run)).toEqual(WELL);
      expect(bot.alive()).toBe(true);
    } finally {
      await world.close();
    }
  });
});
