import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { askDoctor, LATE } from './doctor-bench.ts';
import { canTravel, openWorld, type World } from './world.ts';

const OF_REDIS = ['redis durability', 'redis eviction', 'redis persistence'];

describe.skipIf(!canTravel)('dr doctor: Redis, policy, runbooks, clock, home', () => {
  let world: World;
  let redis: Redis;
  const folder = mkdtempSync(join(tmpdir(), 'muster-doctor-'));
  beforeAll(async () => {
    world = await openWorld({ slack: true });
    redis = new Redis(world.redis.url);
    redis.on('error', () => undefined);
  });
  afterEach(() => world.inside.clock.reset());
  afterAll(async () => {
    redis.disconnect();
    rmSync(folder, { recursive: true, force: true });
    await world.close();
  });

  test('with everything well nothing is red, and each thing has its line', async () => {
    const told = await askDoctor(world);
    expect(told.of('red')).toEqual([]);
    expect(told.ok).toBe(true);
    expect(told.text).toMatch(/^In order: 4 to read, 2 not set up, \d+ ok\./);
    expect(told.of('warning')).toEqual(['pagerduty', 'checks declared', ...LATE]);
    expect(told.of('unused')).toEqual(['routing', 'slack stakeholders']);
    expect(told.of('unchecked')).toEqual([]);
    expect(told.of('ok')).toEqual([
      ...['alerts', 'approvers', 'break glass', 'clock', 'home', 'policy'],
      ...['redis durability', 'redis eviction', 'redis persistence', 'redis', 'runbooks'],
      ...['slack channel incidents', 'slack people', 'slack scopes', 'slack'],
      ...['sandbox: cluster', 'sandbox: node agents', 'sandbox: reading namespaces'],
      'sandbox: rights',
      ...['daily-full-backup', 'hourly-incremental', 'monthly-full-backup', 'weekly-full-backup'].map(
        (name) => `sandbox: schedule ${name}`,
      ),
      ...['sandbox: storage default', 'sandbox: velero'],
    ]);
    expect(world.writes()).toEqual([]);
  });

  test.each([
    [
      'maxmemory-policy',
      'allkeys-lru',
      'noeviction',
      'redis eviction',
      /throws away .* config set maxmemory-policy noeviction/,
    ],
    [
      'appendfsync',
      'everysec',
      'always',
      'redis durability',
      /appendfsync is everysec.* config set appendfsync always/,
    ],
    ['appendonly', 'no', 'yes', 'redis durability', /appendonly is no.*config set appendonly yes/],
  ])('%s %s', async (setting, wrong, right, line, sentence) => {
    await redis.config('SET', setting, wrong);
    const told = await askDoctor(world);
    await redis.config('SET', setting, right);
    expect(told.of('red')).toEqual([line]);
    expect(told.about(line)).toMatch(sentence);
    expect(told.ok).toBe(false);
  });

  test.each([
    ['its last write failed', 'aof_last_write_status:ok', 'aof_last_write_status:no', /last write.*disk space/],
    ['it is loading', 'loading:0', 'loading:1', /loading its file.*Wait/],
  ])('a Redis that says that %s', async (_what, said, instead, sentence) => {
    const liar = await startLiar(world.redis.port, said, instead);
    const told = await askDoctor(world, { env: { REDIS_URL: liar.url } });
    await liar.close();
    expect(told.of('red')).toEqual(['redis persistence']);
    expect(told.about('redis persistence')).toMatch(sentence);
  });

  test('a Redis that is too old: the real one, which says another version', async () => {
    const liar = await startLiar(world.redis.port, /redis_version:\d/, 'redis_version:5');
    const told = await askDoctor(world, { env: { REDIS_URL: liar.url } });
    await liar.close();
    expect(told.of('red')).toEqual(['redis']);
    expect(told.about('redis')).toMatch(/^version 5\.\S+ is older than 6\.2 \/ Upgrade Redis to 6\.2 or newer\.$/);
  });

  test('a replica', async () => {
    await redis.replicaof('127.0.0.1', '1');
    const told = await askDoctor(world);
    await redis.replicaof('NO', 'ONE');
    expect(told.of('red')).toEqual(['redis']);
    expect(told.about('redis')).toContain('takes no writes / Point REDIS_URL at the primary');
  });

  test('no policy, or one that names a cluster that is not there', async () => {
    const none = await askDoctor(world, { env: { POLICY_FILE: '' } });
    expect(none.of('red')).toEqual(['policy']);
    expect(none.about('policy')).toContain('POLICY_FILE');
    const wrong = await askDoctor(world, { policy: policyOf({ clusters: '[sandbox, prodd]' }) });
    expect(wrong.of('red')).toEqual(['policy']);
    expect(wrong.about('policy')).toContain('clusters that do not exist: prodd');
  });

  test('nobody may approve', async () => {
    const told = await askDoctor(world, { policy: policyOf({ may: '[request, abort]' }) });
    expect(told.of('red')).toEqual(['approvers']);
    expect(told.about('approvers')).toMatch(/nobody may approve in sandbox\/data-processing .* "approve"/);
  });

  test('only one person may approve: nobody approves what that one asks for', async () => {
    const told = await askDoctor(world, { policy: policyOf({ members: '[U0LEAD00001]' }) });
    expect([told.of('red'), told.of('warning')]).toEqual([[], ['approvers', 'pagerduty', 'checks declared', LATE[0]]]);
    expect(told.about('approvers')).toMatch(
      /only one person may approve in sandbox\/data-processing.*a second Slack member/,
    );
  });

  test('nobody may break the glass', async () => {
    const told = await askDoctor(world, { policy: policyOf({ glass: '[]' }) });
    expect(told.of('red')).toEqual([]);
    expect(told.of('warning')).toEqual(['break glass', 'pagerduty', 'checks declared', LATE[0]]);
    expect(told.about('break glass')).toContain('"breakGlass"');
  });

  test('no runbook', async () => {
    const told = await askDoctor(world, { env: { RUNBOOKS_DIR: folder } });
    expect(told.of('red')).toEqual(['runbooks']);
    expect(told.about('runbooks')).toContain('RUNBOOKS_DIR');
  });

  test('the clock: some seconds are a warning, a minute is red', async () => {
    world.inside.clock.move(20_000);
    const some = await askDoctor(world);
    expect([some.of('red'), some.of('warning')]).toEqual([[], ['clock', 'pagerduty', 'checks declared', ...LATE]]);
    expect(some.about('clock')).toMatch(/(19|20) s ahead of (Redis|sandbox) .* NTP/);
    world.inside.clock.move(70_000);
    expect((await askDoctor(world)).of('red')).toEqual(['clock']);
  });

  test('it lives in what it is to restore', async () => {
    const told = await askDoctor(world, { env: { POD_NAMESPACE: 'data-processing' } });
    expect(told.of('red')).toEqual(['home']);
    expect(told.about('home')).toContain('data-processing is where Muster itself runs');
  });

  test('an account that the policy does not know gets nothing', async () => {
    const told = await askDoctor(world, { policy: policyOf({ accounts: '[somebody-else]' }) });
    expect(told).toMatchObject({ ok: false, lines: [] });
    expect(told.text).toContain('No group of the policy knows this actor.');
  });

  test('in the terminal: exit code 0 with warnings only, 1 with red, 2 for a cluster nobody knows; --json is data', async () => {
    const [well, unknown] = await Promise.all([
      world.dr(['doctor', '--json']),
      world.dr(['doctor', '--cluster', 'nowhere']),
    ]);
    expect(well.code, well.text).toBe(0);
    const { ok, data } = JSON.parse(well.text);
    expect(ok).toBe(true);
    expect(data.lines).toContainEqual({ line: 'redis eviction', verdict: 'ok', detail: 'maxmemory-policy noeviction' });
    expect(unknown.code).toBe(2);
    expect(unknown.text).toContain('There is no context "nowhere"');
  });

  test('Redis down: one red line, the rest is told, the terminal ends with 1', async () => {
    await world.redis.kill();
    const { code, text } = await world.dr(['doctor', '--json']);
    await world.redis.restart();
    const { data } = JSON.parse(text);
    const of = (verdict: string) =>
      data.lines.filter((it: { verdict: string }) => it.verdict === verdict).map((it: { line: string }) => it.line);
    expect(of('red')).toEqual(['redis']);
    expect(of('unchecked').sort()).toEqual(OF_REDIS);
    expect(of('ok')).toContain('sandbox: velero');
    expect(code).toBe(1);
  });
});

/** Passes everything on to Redis, and changes one word of what it says; both are of the same length. */
async function startLiar(port: number, said: string | RegExp, instead: string) {
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1');
    client.pipe(upstream);
    upstream.on('data', (chunk: Buffer) => client.write(chunk.toString('latin1').replace(said, instead), 'latin1'));
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const)
      one.on('error', () => undefined).on('close', () => other.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port: own } = server.address() as AddressInfo;
  return { url: `redis://127.0.0.1:${own}`, close: () => new Promise((resolve) => server.close(resolve)) };
}

function policyOf({
  accounts = `[${JSON.stringify(userInfo().username)}]`,
  members = '[U0LEAD00001, U0ONCALL001]',
  clusters = '[sandbox]',
  may = '[request, approve, abort]',
  glass = '[leads]',
}: {
  accounts?: string;
  members?: string;
  clusters?: string;
  may?: string;
  glass?: string;
}): string {
  return `groups:
  leads: { slack: ${members}, terminal: ${accounts} }
allow:
  - { group: leads, may: ${may}, clusters: ${clusters}, namespaces: [data-processing] }
breakGlass: ${glass}
`;
}
