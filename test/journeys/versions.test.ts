import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { plantLedger } from '../ledger-fixture.ts';
import { approve, ask, beginRestore, loseNamespace, planOf, restoreOf, until, untilPhase } from './story.ts';
import { type Bot, canTravel, NAMESPACE, openWorld, pause, type World } from './world.ts';

/** Longer than a worker's own look intervals, ms. */
const TO_DO_HARM_MS = 4_000;
const COPY = 'versions-copy';

/** What a newer Muster would do in a process of its own: append, by the stream's own rules, an event of a kind that is not known yet. */
const NEWER = `
import { Redis } from 'ioredis';
const [url, stream, type] = process.argv.slice(1);
const redis = new Redis(url);
const event = { type, v: 1, eid: 'from-the-future', at: Date.now(), weight: 3 };
await redis.xadd('{muster}:stream:' + stream, '*', 'eid', event.eid, 'event', JSON.stringify(event));
redis.disconnect();
`;

describe.skipIf(!canTravel)('two versions of the bot during a rolling deploy', () => {
  let world: World;
  let bot: Bot;
  const folder = mkdtempSync(join(tmpdir(), 'muster-versions-'));
  beforeAll(async () => {
    const file = join(folder, 'policy.yaml');
    const account = JSON.stringify(userInfo().username);
    const rule = `{group: all, may: [request, abort], clusters: ["*"], namespaces: [${NAMESPACE}, ${COPY}, versions-second]}`;
    writeFileSync(file, `groups: {all: {terminal: [${account}]}}\nallow: [${rule}]\nbreakGlass: [all]\n`);
    world = await openWorld({ env: { POLICY_FILE: file } });
    bot = world.startBot();
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await world.close();
  });

  async function newerWrites(stream: string, type: string): Promise<void> {
    const words = ['--input-type=module', '--eval', NEWER, world.redis.url, stream, type];
    await promisify(execFile)(process.execPath, words, { cwd: join(import.meta.dirname, '../..') });
  }

  test('what an old version asked for, without all that came later, is planned, approved, restored and verified', async () => {
    await loseNamespace(world);
    await plantLedger(world.redis.url, 'old-request', await world.ledger.installation());
    const digest = await planOf(world, 'cccccc');
    expect((await approve(world, 'cccccc', digest)).code).toBe(0);
    const { request } = await until(world, 'cccccc', 'succeeded');
    expect(request).toMatchObject({ data: [], health: [] });
    expect(request.origin).toBeUndefined();
    const { text } = await world.inside.type(['status', 'cccccc']);
    expect(text).toContain('RECOVERED and verified: data-processing');
    expect(text).toContain('health NOT checked');
  });

  test('the newer one writes into a restore in flight: hands off, nothing is repeated, other runs go on', async () => {
    world.sandbox.cluster.velero.faults.stuckIn = 'InProgress';
    const run = await beginRestore(world);
    await untilPhase(world, run, 'InProgress');
    await newerWrites(`run-${run}`, 'step.paused');
    delete world.sandbox.cluster.velero.faults.stuckIn;
    await untilPhase(world, run, 'Completed');
    await pause(TO_DO_HARM_MS);

    expect((await world.events(run)).at(-1)).toBe('foreign');
    expect(world.restores().filter((name) => name === restoreOf(run))).toHaveLength(1);
    const status = await world.dr(['status', run]);
    expect(status.text).toContain('A newer Muster wrote step.paused v1 to this run; this version keeps its hands off.');
    for (const words of [
      ['abort', run],
      ['retry', run],
    ]) {
      const { code, text } = await world.dr(words);
      expect([words[0], code]).toEqual([words[0], 1]);
      expect(text).toContain('Next: ');
    }
    expect(await world.ledger.holder(`sandbox/${NAMESPACE}`)).toBe(`run-${run}`);

    const other = await ask(world, ['run', 'restore-namespace', `namespace=${NAMESPACE}`, `into=${COPY}`]);
    expect((await approve(world, other, await planOf(world, other), '--wait')).code).toBe(0);
    await until(world, other, 'succeeded');
    expect(bot.alive()).toBe(true);
    expect((await world.dr(['export', run])).text).toContain('"eid":"from-the-future"');
  });

  test('the newer one writes about the messages of a run: they rest, and the run goes on', async () => {
    const run = await ask(world, ['run', 'restore-namespace', `namespace=${NAMESPACE}`, 'into=versions-second']);
    await planOf(world, run);
    await newerWrites(`posts-${run}`, 'post.pinned');
    expect((await approve(world, run, await planOf(world, run), '--wait')).code).toBe(0);
    await until(world, run, 'succeeded');
    expect((await world.ledger.read(`posts-${run}`)).at(-1)?.event).toEqual({
      type: 'foreign',
      wrote: 'post.pinned v1',
    });
    expect(bot.alive()).toBe(true);
  });
});
