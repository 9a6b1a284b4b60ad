import { connect } from 'node:net';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createRedisLedger } from '../../src/adapters/redis-ledger.ts';
import { parseRedisUrl } from '../../src/domain/redis-url.ts';
import type { RunEvent } from '../../src/domain/run-events.ts';
import type { Ledger } from '../../src/ports.ts';
import { announceSkip } from '../announce-skip.ts';
import { hasRedisServer, type RedisServer, startRedis } from '../redis.ts';
import { type RedisProxy, startRedisProxy } from './redis-proxy.ts';
import { readWords, takeValues } from './resp.ts';

const skip = !hasRedisServer();
if (skip) announceSkip('test/crash/redis-proxy.test.ts', 'no redis-server on the PATH');

/** The smallest event: the ledger does not look into it. */
const expired = (eid: string): RunEvent => ({ type: 'run.expired', v: 1, eid, at: 1 });

describe('takeValues', () => {
  const TEXT = '*2\r\n$4\r\nPING\r\n$2\r\n\r\n\r\n+OK\r\n%1\r\n$1\r\na\r\n*2\r\n:1\r\n_\r\n$-1\r\n>1\r\n#t\r\n';

  test('finds every value, wherever the stream is cut', () => {
    const data = Buffer.from(TEXT);
    for (let cut = 0; cut <= data.length; cut += 1) {
      const first = takeValues(data.subarray(0, cut));
      const second = takeValues(Buffer.concat([first.rest, data.subarray(cut)]));
      expect([...first.values, ...second.values].map(String)).toEqual([
        '*2\r\n$4\r\nPING\r\n$2\r\n\r\n\r\n',
        '+OK\r\n',
        '%1\r\n$1\r\na\r\n*2\r\n:1\r\n_\r\n',
        '$-1\r\n',
        '>1\r\n#t\r\n',
      ]);
      expect(second.rest.length).toBe(0);
    }
  });

  test('reads the words of a command, whatever bytes they hold', () => {
    expect(readWords(Buffer.from('*3\r\n$3\r\nSET\r\n$2\r\n\r\n\r\n$2\r\né\r\n'))).toEqual(['SET', '\r\n', 'é']);
  });

  test('refuses what is not the protocol', () => {
    expect(() => takeValues(Buffer.from('GET / HTTP/1.1\r\n\r\n'))).toThrow('Not the Redis protocol');
  });
});

describe.skipIf(skip)('the proxy before Redis', () => {
  let redis: RedisServer;
  let proxy: RedisProxy;
  let ledger: Ledger;
  let truth: Ledger;
  const append = (stream: string, eid: string) =>
    ledger.append({
      stream,
      after: undefined,
      event: expired(eid),
      target: 'a/b',
      lease: 'none',
      terminal: false,
    });

  beforeEach(async () => {
    redis = await startRedis();
    proxy = await startRedisProxy(redis.port);
    ledger = createRedisLedger(parseRedisUrl(proxy.url), () => undefined);
    truth = createRedisLedger(parseRedisUrl(redis.url), () => undefined);
  });
  afterEach(async () => {
    await ledger.close();
    await truth.close();
    await proxy.close();
    await redis.stop();
  });

  test('passes everything on, also a pipeline in the smallest pieces, and counts only appends', async () => {
    await append('run-a', 'one');
    const socket = connect(Number(new URL(proxy.url).port), '127.0.0.1');
    let answered = '';
    socket.on('data', (chunk) => {
      answered += chunk.toString();
    });
    for (const sign of '*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1\r\nv\r\n*2\r\n$3\r\nGET\r\n$1\r\nk\r\n') {
      socket.write(sign);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await expect.poll(() => answered).toBe('+OK\r\n$1\r\nv\r\n');
    socket.destroy();
    const client = new Redis(proxy.url);
    expect(await client.eval('return {1, {2, "three"}}', 0)).toEqual([1, [2, 'three']]);
    client.disconnect();
    expect(proxy.appends()).toEqual([{ type: 'run.expired', eid: 'one' }]);
  });

  test.each([
    { phase: 'before', there: ['run-a'] },
    { phase: 'after', there: ['run-b', 'run-a'] },
  ] as const)('kills $phase the second append and cuts every connection', async ({ phase, there }) => {
    const other = connect(Number(new URL(proxy.url).port), '127.0.0.1').on('error', () => undefined);
    const cut = new Promise((resolve) => other.once('close', resolve));
    const killed: string[] = [];
    proxy.arm({ n: 2, phase, kill: ({ eid }) => killed.push(eid) });
    // Another stream each time: its place in the list of the newest shows whether it was recorded.
    await append('run-a', 'one');
    await expect(append('run-b', 'two')).rejects.toMatchObject({ code: 'LEDGER_UNREACHABLE' });
    await cut;
    expect(killed).toEqual(['two']);
    expect((await truth.recent(10)).toSorted()).toEqual([...there].toSorted());
  });

  test('an append that Redis did not take is not the one to die after; what waited behind it goes on', async () => {
    const killed: string[] = [];
    await truth.append({
      ...{ stream: 'run-a', after: undefined, event: expired('zero'), target: 'a/b', lease: 'none', terminal: false },
    });
    proxy.arm({ n: 1, phase: 'after', kill: ({ eid }) => killed.push(eid) });
    const late = append('run-a', 'one');
    const behind = ledger.recent(10);
    await expect(late).rejects.toMatchObject({ code: 'LEDGER_CONFLICT' });
    expect(await behind).toEqual(['run-a']);
    await expect(append('run-b', 'two')).rejects.toMatchObject({ code: 'LEDGER_UNREACHABLE' });
    expect(killed).toEqual(['two']);
  });

  test('counts only what it is told to count, and leaves messages out if it is told nothing', async () => {
    const sent = (stream: string, eid: string) =>
      ledger.append({
        stream,
        after: undefined,
        event: { type: 'post.sent', v: 1, eid, at: 1, key: 'plan-5', channel: 'C1', ts: '1.1', shows: 'x' },
        target: '',
        lease: 'none',
        terminal: false,
      });
    const killed: string[] = [];
    proxy.arm({ n: 1, phase: 'before', kill: ({ eid }) => killed.push(eid) });
    await sent('posts-a', 'one');
    await expect(append('run-a', 'two')).rejects.toMatchObject({ code: 'LEDGER_UNREACHABLE' });
    proxy.arm({
      counts: ({ about }) => about === 'plan-5',
      n: 2,
      phase: 'before',
      kill: ({ eid, about }) => killed.push(`${eid} ${about}`),
    });
    await expect.poll(() => append('run-b', 'three').catch(() => '')).not.toBe('');
    await sent('posts-b', 'four');
    await expect(sent('posts-c', 'five')).rejects.toMatchObject({ code: 'LEDGER_UNREACHABLE' });
    expect(killed).toEqual(['two', 'five plan-5']);
  });
});
