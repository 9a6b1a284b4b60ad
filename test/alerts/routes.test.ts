import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type HttpServer, startHttp } from '../../src/adapters/http.ts';
import { createMetrics } from '../../src/adapters/metrics.ts';
import { createRedisLedger } from '../../src/adapters/redis-ledger.ts';
import { createWebhookRoutes } from '../../src/alert-door.ts';
import { parseRedisUrl } from '../../src/domain/redis-url.ts';
import type { Ledger } from '../../src/ports.ts';
import { announceSkip } from '../announce-skip.ts';
import { hasRedisServer, type RedisServer, startRedis } from '../redis.ts';
import { bodiesFor } from './arbitrary-bodies.ts';
import { NOW, proofFor, recorded, SECRETS, sources } from './webhooks.ts';

const real = hasRedisServer();
if (!real) announceSkip('test/alerts/routes.test.ts', 'no redis-server on the PATH');

describe.skipIf(!real)('POST /webhooks/<name>', () => {
  let redis: RedisServer;
  let ledger: Ledger;
  let server: HttpServer;
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const troubles: unknown[] = [];
  const wakes: (() => void)[] = [];
  let woken: string[] = [];
  let warned: object[] = [];
  const log = { info: () => undefined, warn: (facts: object) => void warned.push(facts), error: () => undefined };

  beforeAll(async () => {
    redis = await startRedis();
    ledger = createRedisLedger(parseRedisUrl(redis.url), () => undefined);
    const metrics = createMetrics(ledger);
    const queue = {
      wake: async (stream: string) => {
        woken.push(stream);
        await new Promise<void>((resolve) => wakes.push(resolve));
      },
      workers: async () => 1,
      close: async () => undefined,
    };
    const deps = { sources, secrets: SECRETS, ledger, queue, clock: { now: () => NOW }, log };
    const routes = { ...createWebhookRoutes({ ...deps, counts: metrics.counts }), 'GET /metrics': metrics.render };
    server = await startHttp('127.0.0.1', 0, routes, (error) => void troubles.push(error));
  });
  beforeEach(async () => {
    while (wakes.length > 0) {
      wakes.shift()?.();
      await new Promise(setImmediate);
    }
    woken = [];
    warned = [];
    const last = (await ledger.received(100_000)).at(-1);
    if (last !== undefined) await ledger.dropReceived(last.id);
  });
  afterAll(async () => {
    agent.destroy();
    await server.close();
    await ledger.close();
    await redis.stop();
    expect(troubles).toEqual([]);
  });

  async function post(name: string, body: Buffer | string, headers: Record<string, string> = proofFor(name, body)) {
    const sending = request({
      ...{ port: server.port, host: '127.0.0.1', method: 'POST', path: `/webhooks/${name}`, agent },
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...headers },
    });
    sending.end(body);
    const [response] = (await once(sending, 'response')) as [IncomingMessage];
    return { status: response.statusCode, said: await text(response), headers: response.headers };
  }

  test.each([
    ['alertmanager', 'alertmanager-firing'],
    ['pagerduty', 'pagerduty-triggered'],
    ['generic', 'generic-firing'],
  ])('%s: what is accepted is in the inbox, and the inbox is to be looked at', async (name, file) => {
    expect(await post(name, recorded(file))).toMatchObject({ status: 202, said: 'taken\n' });
    expect(await ledger.received(10)).toMatchObject([{ item: { at: NOW } }]);
    expect(woken).toEqual(['inbox']);
    expect((await fetch(`http://127.0.0.1:${server.port}/webhooks/${name}`)).status).toBe(405);
  });

  test('what Alertmanager did not send is counted and said; what it did send is taken', async () => {
    const cut = (truncatedAlerts: unknown) =>
      JSON.stringify({ ...JSON.parse(recorded('alertmanager-firing').toString()), truncatedAlerts });
    for (const count of [12, 3, 0, -1, 'many']) {
      expect(await post('alertmanager', cut(count))).toMatchObject({ status: 202, said: 'taken\n' });
    }
    expect(warned).toEqual([12, 3].map((leftOut) => ({ source: 'alertmanager', leftOut })));
    const metrics = await (await fetch(`http://127.0.0.1:${server.port}/metrics`)).text();
    expect(metrics).toContain('muster_alerts_left_out_total{source="alertmanager"} 15\n');
  });

  test('what has an id is taken once, however often it is delivered', async () => {
    const body = recorded('generic-firing').toString().replace('probe-7f3a', 'probe-twice');
    expect((await post('generic', body)).said).toBe('taken\n');
    expect(await post('generic', body)).toMatchObject({ status: 202, said: 'nothing new in it\n' });
    expect(await ledger.countReceived()).toBe(1);
  });

  test.each([...sources.keys()])(
    '%s: forged, truncated, too large, of a wrong type: 4xx with a reason',
    async (name) => {
      const body = recorded(name === 'pagerduty' ? 'pagerduty-triggered' : `${name}-firing`);
      const cut = body.subarray(0, body.length - 20);
      const large = Buffer.alloc(5_000_000, 'x');
      const proof = proofFor(name, body);
      expect(await post(name, body, {})).toMatchObject({ status: 401, said: expect.stringMatching(/\w/) });
      expect(await post(name, cut, name === 'pagerduty' ? proof : { authorization: 'Bearer x' })).toMatchObject({
        status: 401,
      });
      expect(await post(name, cut)).toMatchObject({ status: 400, said: expect.stringContaining('not JSON') });
      expect(await post(name, large)).toMatchObject({
        status: 413,
        said: expect.stringContaining('larger than 4194304'),
      });
      const streamed = await fetch(`http://127.0.0.1:${server.port}/webhooks/${name}`, {
        ...{ method: 'POST', duplex: 'half', body: new Blob([large]).stream() },
        headers: { 'content-type': 'application/json', ...proof },
      } as RequestInit);
      expect(streamed.status).toBe(413);
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', ''])
        expect(await post(name, body, { ...proof, 'content-type': type })).toMatchObject({ status: 415 });
      expect(await post(name, body, { ...proof, 'content-encoding': 'gzip' })).toMatchObject({ status: 415 });
      expect(await ledger.countReceived()).toBe(0);
      expect(woken).toEqual([]);
    },
  );

  test('a sender that goes away in the middle troubles nobody', async () => {
    const socket = connect(server.port, '127.0.0.1');
    socket.write(
      'POST /webhooks/generic HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{"al',
    );
    await once(socket, 'connect');
    socket.destroy();
    expect(await post('generic', recorded('generic-firing'), {})).toMatchObject({ status: 401 });
    expect(troubles).toEqual([]);
  });

  test('a storm of deliveries wakes the inbox once while that is on its way, and once after it', async () => {
    const body = recorded('alertmanager-firing');
    await Promise.all(Array.from({ length: 50 }, () => post('alertmanager', body)));
    expect(woken).toEqual(['inbox']);
    wakes.shift()?.();
    await vi.waitFor(() => expect(woken).toEqual(['inbox', 'inbox']));
    wakes.shift()?.();
    await new Promise(setImmediate);
    await post('alertmanager', body);
    expect(woken).toHaveLength(3);
  });

  test('10,000 spoilt bodies: each is taken or refused with a reason, and none is a 5xx', async () => {
    const bodies = [...sources.keys()].flatMap((name) =>
      fc.sample(bodiesFor(name), 3_334).map((body) => [name, body] as const),
    );
    const counted = new Map<number | undefined, number>();
    const sender = async () => {
      for (let next = bodies.pop(); next !== undefined; next = bodies.pop()) {
        const { status, said } = await post(...next);
        counted.set(status, (counted.get(status) ?? 0) + 1);
        if (status !== 202) expect(said.length).toBeGreaterThan(5);
      }
    };
    await Promise.all(Array.from({ length: 16 }, sender));
    expect([...counted.keys()].sort()).toEqual([202, 400]);
    expect([...counted.values()].reduce((sum, count) => sum + count)).toBe(10_002);
    expect(troubles).toEqual([]);
  }, 120_000);

  test('Redis away: 503 and when to come again; then it is taken', async () => {
    const body = recorded('alertmanager-firing');
    await redis.kill();
    const refused = await post('alertmanager', body);
    expect(refused).toMatchObject({
      status: 503,
      said: expect.stringContaining('not taken'),
      headers: { 'retry-after': '5' },
    });
    const { status, said } = await metrics();
    expect([status, said]).toEqual([200, expect.stringContaining('muster_ledger_up 0')]);
    await redis.restart();
    await vi.waitFor(async () => expect((await post('alertmanager', body)).status).toBe(202), 15_000);
  });

  test('GET /metrics counts what came, what was refused and what waits', async () => {
    await post('alertmanager', recorded('alertmanager-firing'));
    const { said } = await metrics();
    expect(said).toMatch(/^muster_alerts_received_total\{source="alertmanager"\} \d+$/m);
    expect(said).toMatch(/^muster_webhooks_refused_total\{source="generic",status="401"\} \d+$/m);
    for (const line of [
      'muster_inbox_entries 1',
      'muster_open_incidents 0',
      'muster_unfinished_runs 0',
      'muster_ledger_up 1',
    ])
      expect(said.split('\n')).toContain(line);
  });

  async function metrics() {
    const response = await fetch(`http://127.0.0.1:${server.port}/metrics`);
    return { status: response.status, said: await response.text() };
  }
});
