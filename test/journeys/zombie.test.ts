import type { ChildProcess } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { approve, ask, beginRestore, loseNamespace, planOf, restoreOf, until, untilPhase } from './story.ts';
import { type Bot, canTravel, eventually, openWorld, pause, type World } from './world.ts';

/** How long the frozen worker gets after its thaw to do harm, ms: longer than its own lock and look intervals. */
const TO_DO_HARM_MS = 4_000;

/** The worker that has the restore step, of two. */
async function workerOf(world: World, run: string, bots: readonly Bot[]): Promise<Bot> {
  const worker = await eventually('a worker', async () => (await world.state(run))?.steps.get('restore')?.worker);
  const found = bots.find(({ process: { pid } }) => worker.includes(`-${pid}-`));
  if (found === undefined) throw new Error(`no bot is ${worker}`);
  return found;
}

async function expectOneOutcome(world: World, run: string): Promise<void> {
  const events = await world.events(run);
  expect(events.filter((type) => type === 'run.succeeded')).toHaveLength(1);
  expect(events.at(-1)).toBe('run.succeeded');
  expect(events.filter((type) => type === 'step.started')).toHaveLength(5);
  expect(world.restores()).toEqual([restoreOf(run)]);
}

describe.skipIf(!canTravel).concurrent('a worker that is frozen past its lock, and thawed', () => {
  test('between its look and its create: it creates nothing more', { timeout: 90_000 }, async () => {
    const world = await openWorld();
    try {
      const bots = [world.startBot(), world.startBot()];
      await Promise.all(bots.map((bot) => bot.url()));
      // The worker hears "there is no such Restore" only after its thaw: it was true when it asked.
      const match = { verb: 'get', resource: 'restores.velero.io', name: /^dr-/ };
      world.sandbox.cluster.api.faults.add({ kind: 'slow', ms: 2_500, match, times: 1 });
      await loseNamespace(world);
      const run = await ask(world);
      await approve(world, run, await planOf(world, run));
      const frozen = await workerOf(world, run, bots);
      await eventually('its look at the Restore', () =>
        world.sandbox.cluster.api.requests().find(({ verb, name }) => verb === 'get' && name === restoreOf(run)),
      );
      frozen.process.kill('SIGSTOP');
      await until(world, run, 'succeeded', 40_000);
      frozen.process.kill('SIGCONT');
      await pause(TO_DO_HARM_MS);
      await expectOneOutcome(world, run);
      expect(await world.events(run)).toContain('step.adopted');
      expect(bots.map((bot) => bot.alive())).toEqual([true, true]);
    } finally {
      await world.close();
    }
  });

  test('with its create under way: the create that comes late is told that the object exists', {
    timeout: 90_000,
  }, async () => {
    const world = await openWorld();
    try {
      const bots = [world.startBot(), world.startBot()];
      await Promise.all(bots.map((bot) => bot.url()));
      const { api } = world.sandbox.cluster;
      let release: () => void = () => undefined;
      let held = false;
      api.onWrite(({ verb, resource, phase }) => {
        if (held || verb !== 'create' || resource !== 'restores.velero.io' || phase !== 'before') return;
        held = true;
        return new Promise((resolve) => {
          release = resolve;
        });
      });
      await loseNamespace(world);
      const run = await ask(world);
      await approve(world, run, await planOf(world, run));
      await eventually('the create', () => held || undefined);
      const frozen = await workerOf(world, run, bots);
      frozen.process.kill('SIGSTOP');
      await until(world, run, 'succeeded', 40_000);
      release();
      frozen.process.kill('SIGCONT');
      await pause(TO_DO_HARM_MS);
      await expectOneOutcome(world, run);
      const creates = api
        .requests()
        .filter(({ verb, resource }) => verb === 'create' && resource === 'restores.velero.io');
      expect(creates.map(({ status }) => status).sort()).toEqual([201, 409]);
      expect(bots.map((bot) => bot.alive())).toEqual([true, true]);
    } finally {
      await world.close();
    }
  });

  test('Redis is restarted empty in mid-run: the run is found again from the cluster, said, and not repeated', {
    timeout: 90_000,
  }, async () => {
    const world = await openWorld();
    try {
      const bot = world.startBot();
      const { faults } = world.sandbox.cluster.velero;
      faults.stuckIn = 'InProgress';
      const run = await beginRestore(world);
      await untilPhase(world, run, 'InProgress');
      let seen = '';
      const print = (chunk: string) => {
        seen += chunk;
      };
      const watching = world.dr(['status', run, '--wait'], { print });
      await eventually('the terminal follows', () => seen.includes('Step restore started.') || undefined);
      await world.redis.restart({ emptied: true });
      await eventually(
        'the run is found again',
        async () => (await world.events(run)).includes('run.recovered') || undefined,
      );
      delete faults.stuckIn;
      const { code, text } = await watching;
      expect(code).toBe(0);
      expect(text).toContain('Was Redis emptied? Waiting for the run to be found again from the cluster.');
      expect(text).toContain(`found again from Restore velero/${restoreOf(run)}. Nothing is repeated.`);
      expect(text).toContain('RECOVERED and verified');
      expect(bot.log()).toContain('it was found again from the cluster and nothing is repeated');
      const status = await world.inside.type(['status', run]);
      expect(status.text).toContain('Its ledger was lost; it was found again from');
      expect(world.restores()).toEqual([restoreOf(run)]);
      expect(await world.ledger.holder('sandbox/data-processing')).toBeUndefined();
      expect(bot.alive()).toBe(true);
    } finally {
      await world.close();
    }
  });

  test('a terminal that looks again only when the run that was found again is over tells all of it', {
    timeout: 90_000,
  }, async () => {
    const world = await openWorld();
    try {
      world.startBot();
      const { faults } = world.sandbox.cluster.velero;
      faults.stuckIn = 'InProgress';
      const run = await beginRestore(world);
      await untilPhase(world, run, 'InProgress');
      let seen = '';
      let terminal: ChildProcess | undefined;
      const watching = world.dr(['status', run, '--wait'], {
        print: (chunk) => {
          seen += chunk;
        },
        onStart: (child) => {
          terminal = child;
        },
      });
      await eventually('the terminal follows', () => seen.includes('Step restore started.') || undefined);
      terminal?.kill('SIGSTOP');
      await world.redis.restart({ emptied: true });
      const isFound = async () => (await world.events(run)).includes('run.recovered') || undefined;
      await eventually('the run is found again', isFound);
      delete faults.stuckIn;
      await until(world, run, 'succeeded');
      terminal?.kill('SIGCONT');
      const { code, text } = await watching;
      expect(code).toBe(0);
      expect(text).toContain(`found again from Restore velero/${restoreOf(run)}. Nothing is repeated.`);
      expect(text).toContain('RECOVERED and verified');
      expect(world.restores()).toEqual([restoreOf(run)]);
    } finally {
      await world.close();
    }
  });
});
