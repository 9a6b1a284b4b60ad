import { describe, expect, test } from 'vitest';
import { approve, ask, loseNamespace, planOf, until, untilPhase } from '../story.ts';
import { type Bot, canTravel, eventually, pause } from '../world.ts';
import { askInSlack, buttonOf, heard, press, type, untilReady } from './act.ts';
import { openSlackWorld, type SlackWorld } from './open-slack.ts';
import { saidAbout, saidInTheEnd, untilSaid } from './said.ts';

/** How long something is away in mid-run, ms: longer than every time-out and lock; a minute of it would show nothing more. */
const AWAY_MS = 20_000;
/** A log that says it once, and in each of its parts, stays below this many lines for the whole outage. */
const FLOOD = 20;
const TIMEOUT = { timeout: 150_000 };

/** The bot stays, answers `/healthz`, and says in `/readyz` which part is away. */
async function liveThrough(bot: Bot, part: string, ms: number): Promise<void> {
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
async function beginInSlack(world: SlackWorld): Promise<string> {
  await untilReady(world);
  await loseNamespace(world);
  world.sandbox.cluster.velero.faults.stuckIn = 'InProgress';
  const run = await askInSlack(world);
  await press(world, 'lead', 'Approve', run);
  await untilPhase(world, run, 'InProgress');
  return run;
}

/** How a run ended and what was said about it. */
async function endOf(world: SlackWorld, run: string): Promise<typeof WELL> {
  await until(world, run, 'succeeded', 60_000);
  const said = await saidInTheEnd(world, run, 60_000);
  const verdict = said.at(-1)?.text.includes('RECOVERED and verified') === true ? 'RECOVERED and verified' : 'another';
  return { said: said.map(({ kind }) => kind), verdict, restores: world.restores().length };
}

const WELL = { said: ['card', 'plan', 'end'], verdict: 'RECOVERED and verified', restores: 1 };

async function inWorld<T>(journey: (world: SlackWorld) => Promise<T>): Promise<T> {
  const world = await openSlackWorld();
  try {
    return await journey(world);
  } finally {
    await world.close();
  }
}

describe.skipIf(!canTravel).concurrent('Slack and what else the bot stands on goes away', () => {
  test(
    'Slack is down when the bot starts: a run from the terminal goes on and ends; the broken glass is announced later',
    TIMEOUT,
    () =>
      inWorld(async (world) => {
        await world.slack.faults.down();
        const bot = world.startBot();
        await liveThrough(bot, 'slack', 4_000);
        await loseNamespace(world);
        const run = await ask(world);
        expect((await approve(world, run, await planOf(world, run))).code).toBe(0);
        await until(world, run, 'succeeded', 60_000);
        expect(saidAbout(world, run)).toEqual([]);
        await world.slack.faults.up();
        expect(await endOf(world, run)).toEqual({ ...WELL, said: ['card', 'glass', 'end'] });
        expect(bot.alive()).toBe(true);
      }),
  );

  test('Slack is down for 20 s in mid-run: the run does not wait for it, the messages come after', TIMEOUT, () =>
    inWorld(async (world) => {
      const bot = world.startBot();
      const run = await beginInSlack(world);
      await world.slack.faults.down();
      delete world.sandbox.cluster.velero.faults.stuckIn;
      await liveThrough(bot, 'slack', AWAY_MS);
      await until(world, run, 'succeeded', 5_000);
      await world.slack.faults.up();
      expect(await endOf(world, run)).toEqual(WELL);
    }),
  );

  test('the cluster is down for 20 s in mid-run', TIMEOUT, () =>
    inWorld(async (world) => {
      const bot = world.startBot();
      const run = await beginInSlack(world);
      await world.sandbox.cluster.api.faults.down();
      delete world.sandbox.cluster.velero.faults.stuckIn;
      await liveThrough(bot, 'cluster', AWAY_MS);
      await world.sandbox.cluster.api.faults.up();
      expect(await endOf(world, run)).toEqual(WELL);
    }),
  );

  test('the cluster is down when the bot starts: the card stands, the plan comes later', TIMEOUT, () =>
    inWorld(async (world) => {
      await loseNamespace(world);
      await world.sandbox.cluster.api.faults.down();
      const bot = world.startBot();
      await liveThrough(bot, 'cluster', 2_000);
      const run = await askInSlack(world);
      await untilSaid(world, run, 'card', /planning/);
      await world.sandbox.cluster.api.faults.up();
      await press(world, 'lead', 'Approve', run);
      expect(await endOf(world, run)).toEqual(WELL);
    }),
  );

  test(
    'Redis is down for 20 s in mid-run: commands and clicks hear NOT recorded, and later nothing of them was started',
    TIMEOUT,
    () =>
      inWorld(async (world) => {
        const bot = world.startBot();
        const run = await beginInSlack(world);
        await world.redis.kill();
        delete world.sandbox.cluster.velero.faults.stuckIn;
        const typed = await type(world, 'oncall', 'restore namespace monitoring --from a&b');
        expect(typed).toMatch(/NOT recorded, nothing started/);
        expect(typed).toContain('dr restore namespace monitoring --from a&amp;b');
        expect(await press(world, 'oncall', 'Abort', run)).toMatch(/NOT recorded, nothing started/);
        await liveThrough(bot, 'redis', AWAY_MS);
        await world.redis.restart();
        expect(await endOf(world, run)).toEqual(WELL);
        expect(await world.ledger.recent(10)).toEqual([`run-${run}`]);
        expect(await world.events(run)).not.toContain('run.abort-requested');
      }),
  );

  test('Redis is down when the bot starts, and comes', TIMEOUT, () =>
    inWorld(async (world) => {
      await world.redis.kill();
      const bot = world.startBot();
      await liveThrough(bot, 'redis', 2_000);
      expect(await type(world, 'oncall', 'restore namespace data-processing')).toMatch(/NOT recorded/);
      await world.redis.restart();
      const run = await beginInSlack(world);
      delete world.sandbox.cluster.velero.faults.stuckIn;
      expect(await endOf(world, run)).toEqual(WELL);
      expect(await world.ledger.recent(10)).toEqual([`run-${run}`]);
    }),
  );

  test('two bots at once: no message twice, each click taken once', TIMEOUT, () =>
    inWorld(async (world) => {
      world.startBot();
      await world.startBot({ PORT: '0' }).url();
      await untilReady(world);
      await loseNamespace(world);
      const runs = [];
      for (let count = 0; count < 3; count += 1) runs.push(await askInSlack(world));
      const [first = '', ...others] = runs;
      for (const run of others) await press(world, 'lead', 'Reject', run);
      const { value } = await buttonOf(world, 'Approve', first);
      await press(world, 'lead', 'Approve', first);
      expect(value).toContain(first);
      for (const run of others) expect((await saidInTheEnd(world, run)).map(({ kind }) => kind)).toEqual(WELL.said);
      expect(await endOf(world, first)).toEqual(WELL);
      expect(heard(world, 'lead').filter((text) => text.startsWith('Approval of run'))).toHaveLength(1);
    }),
  );
});

describe.skipIf(!canTravel)('Slack says not now', () => {
  const MINUTE = 60_000;

  /** The run goes its way while Slack takes nothing; a minute of the bot's clock later it has everything. */
  async function refuseAMinute(fault: (world: SlackWorld) => () => void, asks: number): Promise<typeof WELL> {
    return inWorld(async (world) => {
      await world.inside.startBot();
      const run = await beginInSlack(world);
      await eventually(
        'the card shows the work',
        () =>
          saidAbout(world, run)[0]?.text.includes('restoring') ||
          saidAbout(world, run)[0]?.text.includes('running') ||
          undefined,
      );
      const end = fault(world);
      const before = world.slack.calls().length;
      delete world.sandbox.cluster.velero.faults.stuckIn;
      await until(world, run, 'succeeded');
      await pause(3_000);
      expect(world.slack.calls().length - before).toBeLessThanOrEqual(asks);
      expect(saidAbout(world, run).map(({ kind }) => kind)).toEqual(['card', 'plan']);
      end();
      world.inside.clock.move(MINUTE);
      return endOf(world, run);
    });
  }

  test('429 with Retry-After of a minute: nobody asks before it is over', TIMEOUT, async () => {
    const end = await refuseAMinute(({ slack }) => slack.faults.add({ kind: 'ratelimited', retryAfter: 60 }), 2);
    expect(end).toEqual(WELL);
  });

  test('the token is revoked for a minute: the run goes on, the messages come after', TIMEOUT, async () => {
    const end = await refuseAMinute(({ slack }) => slack.faults.add({ kind: 'error', error: 'token_revoked' }), 2);
    expect(end).toEqual(WELL);
  });

  test('its API hangs: commands and clicks are answered in time, and nobody is in any user group', TIMEOUT, () =>
    inWorld(async (world) => {
      await world.inside.startBot();
      const run = await beginInSlack(world);
      world.slack.people.setGroup('dr-leads', ['lead', 'dba']);
      const off = world.slack.faults.add({ kind: 'hang', match: { method: /\./ } });
      expect(await type(world, 'oncall', 'runs')).toContain(run);
      expect(await type(world, 'dba', `abort ${run}`)).toContain('Slack did not say which user groups you are in.');
      expect(await press(world, 'lead', 'Details', run)).toContain(`Run ${run}: `);
      delete world.sandbox.cluster.velero.faults.stuckIn;
      await until(world, run, 'succeeded');
      off();
      expect(await endOf(world, run)).toEqual(WELL);
    }),
  );

  test("under Slack's own rate limits a whole run is said, and no call is refused", TIMEOUT, () =>
    inWorld(async (world) => {
      world.slack.rateLimits.on();
      await world.inside.startBot();
      const run = await beginInSlack(world);
      delete world.sandbox.cluster.velero.faults.stuckIn;
      expect(await endOf(world, run)).toEqual(WELL);
      expect(world.slack.calls().filter(({ answer }) => answer === 'ratelimited')).toEqual([]);
    }),
  );
});
