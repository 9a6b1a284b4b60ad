import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { foldIncident } from '../../src/domain/incident.ts';
import { nextForIncident } from '../../src/domain/next-for-incident.ts';
import { writeFolder } from '../adapters/yaml-folder.ts';
import { announceSkip } from '../announce-skip.ts';
import { openDoor } from '../commands/front-door.ts';
import { plantLedger } from '../ledger-fixture.ts';
import { hasRedisServer, type RedisServer, startRedis } from '../redis.ts';

const real = hasRedisServer();
if (!real) announceSkip('test/engine/other-incidents.test.ts', 'no redis-server on the PATH');

const OLD = '20261126-183748';
const FUTURE = '20260101-030000';

describe.skipIf(!real)('incidents that other versions of Muster wrote, in a real Redis', () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  async function open(file: string, incident: string) {
    const folder = await writeFolder({ 'policy.yaml': 'groups: { engineers: { terminal: [alice] } }\n' });
    const door = await openDoor({ REDIS_URL: redis.url, POLICY_FILE: `${folder}/policy.yaml` });
    const { ledger } = door.muster.engine;
    if ((await ledger.raw(`incident-${incident}`)).length === 0)
      await plantLedger(redis.url, file, await ledger.installation());
    return { ...door, ledger };
  }

  test('an old one, over: every event of it is still read, shown and given out', async () => {
    const { type, ledger } = await open('old-incident', OLD);
    const entries = await ledger.read(`incident-${OLD}`);
    expect(entries.filter(({ event }) => event.type === 'foreign')).toEqual([]);
    expect(foldIncident(entries)).toMatchObject({ over: true, severity: 'sev2', notes: [{}], updates: [{}] });
    const timeline = await type(`timeline ${OLD}`);
    expect([timeline.ok, timeline.lines.join('\n')]).toEqual([
      true,
      expect.stringContaining('the disk of clickhouse-0 is full'),
    ]);
    const given = await type(`export ${OLD}`);
    expect(given.lines.map((line) => JSON.parse(line).event.type)).toEqual(entries.map(({ event }) => event.type));
    expect(await ledger.openIncidents()).not.toContain(`incident-${OLD}`);
  });

  test('one of a newer version is left alone, and every command says whose it is', async () => {
    const { type, ledger } = await open('future-incident', FUTURE);
    const before = await ledger.raw(`incident-${FUTURE}`);
    for (const line of [
      'note x',
      'ack',
      'severity sev3',
      'role scribe <@U0ALICE01>',
      'update x',
      'mitigate',
      'resolve',
    ]) {
      const { ok, lines } = await type(`${line} --incident ${FUTURE}`);
      expect([line, ok, lines[0]]).toEqual([
        line,
        false,
        `A newer Muster wrote incident.paused v1 to incident ${FUTURE}; this version keeps its hands off.`,
      ]);
      expect(lines.at(-1)).toBe(`Next: Use that version. What is recorded: dr export ${FUTURE}`);
    }
    const { ok, lines } = await type(`export ${FUTURE}`);
    expect([ok, lines.length]).toEqual([true, 2]);
    const state = foldIncident(await ledger.read(`incident-${FUTURE}`));
    const settings = {
      ...{ statusUpdateMs: 1, chat: true, announceIn: 'x' },
      pager: { rest: true, events: true },
      stakeholders: undefined,
    };
    expect(state && nextForIncident(state, Date.now(), settings)).toMatchObject({ facts: [], wanted: [] });
    expect(await ledger.raw(`incident-${FUTURE}`)).toEqual(before);
    expect(await ledger.unfinished()).toContain(`incident-${FUTURE}`);
  });
});
