import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeFolder } from '../adapters/yaml-folder.ts';
import { announceSkip } from '../announce-skip.ts';
import { plantLedger } from '../ledger-fixture.ts';
import { hasRedisServer, type RedisServer, startRedis } from '../redis.ts';
import { IN_SLACK, openDoor } from './front-door.ts';

const real = hasRedisServer();
if (!real) announceSkip('test/commands/export.test.ts', 'no redis-server on the PATH');

describe.skipIf(!real)('dr export', () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  test('each line is an event with its stream and its id, in their order', async () => {
    const { type, muster } = await openDoor({ REDIS_URL: redis.url });
    await plantLedger(redis.url, 'old-finished', await muster.engine.ledger.installation());
    const { lines, data } = await type('export bbbbbb');
    expect(lines.map((line) => JSON.parse(line))).toEqual(data);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      stream: 'run-bbbbbb',
      id: expect.stringMatching(/^\d+-0$/),
      event: { type: 'run.requested', v: 1, request: { run: 'bbbbbb' } },
    });
    expect(JSON.parse(lines.at(-1) ?? '').event.type).toBe('run.succeeded');
  });

  test('is for whoever may read, in Slack as a file', async () => {
    const folder = await writeFolder({
      'policy.yaml': 'groups: { others: { terminal: [bob], slack: [U0ALICE01] } }\n',
    });
    const { type } = await openDoor({ REDIS_URL: redis.url, POLICY_FILE: `${folder}/policy.yaml` });
    const stranger = await type('export bbbbbb');
    expect(stranger.ok).toBe(false);
    expect(stranger.lines[0]).toContain('No group of the policy knows this actor.');
    const inTerminal = await type('export bbbbbb', { kind: 'terminal', account: 'bob', uid: 1 });
    expect([inTerminal.ok, inTerminal.file]).toEqual([true, undefined]);
    const { lines, file } = await type('export bbbbbb', IN_SLACK);
    expect(lines).toEqual(['All that is recorded of run bbbbbb, as JSON lines.']);
    expect(file).toMatchObject({ name: 'run-bbbbbb.jsonl', content: `${inTerminal.lines.join('\n')}\n` });
  });
});
