import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createRedisLedger } from '../../src/adapters/redis-ledger.ts';
import { systemClock } from '../../src/adapters/system-clock.ts';
import { decideApproval } from '../../src/domain/approval.ts';
import { parseRedisUrl } from '../../src/domain/redis-url.ts';
import type { RunView } from '../../src/domain/run.ts';
import { beginRun, changeRun } from '../../src/engine/change-run.ts';
import { readRun, record, runStream } from '../../src/engine/record.ts';
import { DrError } from '../../src/errors.ts';
import type { Ledger } from '../../src/ports.ts';
import { announceSkip } from '../announce-skip.ts';
import { approved, BOB, planned, REQUEST } from '../domain/run-fixture.ts';
import { hasRedisServer, type RedisServer, startRedis } from '../redis.ts';

const real = hasRedisServer();
if (!real) announceSkip('test/engine/change-run.test.ts', 'no redis-server on the PATH');

const CAROL = { kind: 'slack', user: 'U0CAROL' } as const;

describe.skipIf(!real)('a run that several people change at once', () => {
  let redis: RedisServer;
  let ledger: Ledger;
  let run = '';
  let made = 0;
  const clock = systemClock;
  beforeAll(async () => {
    redis = await startRedis();
    ledger = createRedisLedger(parseRedisUrl(redis.url), () => undefined);
  });
  beforeEach(async () => {
    made += 1;
    run = `run${made}x`;
    await beginRun({ ledger, clock }, { ...REQUEST, run });
    await record({ ledger, clock }, await readRun(ledger, runStream(run)), planned);
  });
  afterAll(async () => {
    await ledger.close();
    await redis.stop();
  });

  const typesOf = async () => (await ledger.read(runStream(run))).map(({ event }) => event.type);
  const approve = ({ state }: RunView) => {
    const given = { by: CAROL, digest: planned.plan.digest, reason: undefined, policy: undefined, now: clock.now() };
    const decision = decideApproval(state, given);
    if (decision.ok) return { ...approved, by: CAROL };
    throw new DrError({ code: 'APPROVAL_REFUSED', message: decision.message, action: decision.action });
  };
  /** Somebody else gets through before each of our first `times` appends. */
  const overtaken = (times: number, what: typeof approved | { type: 'run.retried'; by: typeof BOB }): Ledger => {
    let left = times;
    return {
      ...ledger,
      append: async (request) => {
        left -= 1;
        if (left >= 0) await record({ ledger, clock }, await readRun(ledger, request.stream), what);
        return ledger.append(request);
      },
    };
  };

  test('ten approvals at once: one is recorded, nine hear a sentence', async () => {
    const all = Array.from({ length: 10 }, () => changeRun({ ledger, clock }, runStream(run), approve));
    const ended = await Promise.allSettled(all);
    expect(ended.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const refusals = ended.flatMap((it) => (it.status === 'rejected' ? [String(it.reason.message)] : []));
    expect(new Set(refusals)).toEqual(new Set([`Run ${run} is approved already, by <@U0CAROL>.`]));
    expect(await typesOf()).toEqual(['run.requested', 'run.planned', 'run.approved']);
  });

  test('somebody was faster with something else: it is decided again, and recorded', async () => {
    const faster = overtaken(3, { type: 'run.retried', by: BOB });
    const { view, recorded } = await changeRun({ ledger: faster, clock }, runStream(run), approve);
    expect(recorded).toMatchObject({ type: 'run.approved' });
    expect(view.entries).toHaveLength(5);
    expect((await typesOf()).at(-1)).toBe('run.approved');
  });

  test('somebody was faster with the same: the sentence is that of the run as it is now', async () => {
    const change = changeRun({ ledger: overtaken(1, approved), clock }, runStream(run), approve);
    await expect(change).rejects.toMatchObject({ message: `Run ${run} is approved already, by bob (terminal).` });
  });

  test('a run that never holds still is given up, and says that nothing was recorded', async () => {
    const faster = overtaken(1_000, { type: 'run.retried', by: BOB });
    await expect(changeRun({ ledger: faster, clock }, runStream(run), approve)).rejects.toMatchObject({
      code: 'LEDGER_CONFLICT',
      message: `Run ${run} is changing faster than this could be recorded. Nothing was recorded.`,
    });
    expect(await typesOf()).not.toContain('run.approved');
  });

  test('nothing to record: nothing is', async () => {
    const { recorded } = await changeRun({ ledger, clock }, runStream(run), () => undefined);
    expect(recorded).toBeUndefined();
    expect(await typesOf()).toHaveLength(2);
  });

  test('the same delivery twice is one run; another request of that name is refused', async () => {
    const origin = { channel: 'C1', delivery: 'd1' };
    const request = { ...REQUEST, run: `${run}y`, origin };
    await beginRun({ ledger, clock }, request);
    await beginRun({ ledger, clock }, request);
    expect(await ledger.read(runStream(request.run))).toHaveLength(1);
    const other = { ...request, origin: { ...origin, delivery: 'd2' } };
    await expect(beginRun({ ledger, clock }, other)).rejects.toMatchObject({ code: 'LEDGER_CONFLICT' });
    await expect(beginRun({ ledger, clock }, { ...REQUEST, run })).rejects.toMatchObject({ code: 'LEDGER_CONFLICT' });
  });
});
