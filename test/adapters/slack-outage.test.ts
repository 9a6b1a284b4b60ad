import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { Fault } from '../../sandbox/slack/faults.ts';
import { createSlack } from '../../src/adapters/slack.ts';
import { startSlackBench } from './slack-bench.ts';
import { seen, type, useSocketWorld } from './slack-socket-world.ts';

const world = useSocketWorld();
const OPEN = { method: 'apps.connections.open' };

const attempts = () => world.there.calls().filter(({ method }) => method === OPEN.method).length;
const warnings = () => world.here.log.filter(({ level }) => level === 'warn');

describe('an outage of Socket Mode ends neither the process nor the trying', () => {
  test.each<[string, Fault | 'down']>([
    ['refusing connections', 'down'],
    ['answering 500', { kind: 'status', code: 500, match: OPEN }],
    ['asking to wait', { kind: 'ratelimited', retryAfter: 1, match: OPEN }],
    ['hanging', { kind: 'hang', match: OPEN }],
    ['answering garbage', { kind: 'garbage', match: OPEN }],
    ['cutting connections', { kind: 'reset', match: OPEN }],
    ['refusing the token', { kind: 'error', error: 'invalid_auth', match: OPEN }],
    ['stumbling', { kind: 'error', error: 'internal_error', match: OPEN }],
    ['refusing the web socket', { kind: 'status', code: 503, match: { method: 'socket' } }],
    ['no answer to the web socket', { kind: 'hang', match: { method: 'socket' } }],
    ['a page in place of the web socket', { kind: 'garbage', match: { method: 'socket' } }],
    ['cutting the web socket', { kind: 'reset', match: { method: 'socket' } }],
    ['saying no hello', { kind: 'hang', match: { method: 'hello' } }],
  ])('%s', { timeout: 60_000 }, async (_name, fault) => {
    const { there, here } = world;
    if (fault === 'down') await there.faults.down();
    else there.faults.add(fault);
    there.sockets.drop();
    if (fault === 'down') await sleep(3_000);
    else await expect.poll(attempts, { timeout: 25_000 }).toBeGreaterThanOrEqual(4);
    expect(here.slack.trouble()).toMatch(/\S/);
    expect(warnings().filter(({ message }) => message.startsWith('Socket Mode'))).toHaveLength(1);
    expect(await type(world, 'status')).toMatchObject({ error: 'dispatch_failed' });
    if (fault === 'down') await there.faults.up();
    else there.faults.clear();
    await expect.poll(() => here.slack.trouble(), { timeout: 20_000 }).toBeUndefined();
    expect(await type(world, 'status')).toMatchObject({ status: 200 });
    expect(seen(world)).toContain('Recorded.');
  });

  test('the longer it lasts, the less often it asks, and never less than each 10 s', { timeout: 40_000 }, async () => {
    const { there, here } = world;
    there.faults.add({ kind: 'status', code: 503, match: OPEN });
    there.sockets.drop();
    await sleep(12_000);
    const asked = there.calls().filter(({ method }) => method === OPEN.method);
    const waits = asked.slice(2).map(({ at }, index) => at - (asked[index + 1]?.at ?? 0));
    expect(Math.max(...waits)).toBeLessThan(10_500);
    expect(asked.length).toBeGreaterThan(4);
    expect(asked.length).toBeLessThan(14);
    there.faults.clear();
    await expect.poll(() => here.slack.trouble(), { timeout: 12_000 }).toBeUndefined();
  });

  test('a web socket that ends after each hello is not opened in a frenzy', { timeout: 20_000 }, async () => {
    const { there } = world;
    const dropping = setInterval(() => there.sockets.drop(), 20);
    await sleep(4_000);
    clearInterval(dropping);
    expect(there.sockets.opened()).toBeGreaterThan(2);
    expect(there.sockets.opened()).toBeLessThan(12);
    await expect.poll(() => world.here.slack.trouble(), { timeout: 12_000 }).toBeUndefined();
  });
});

test.each<[string, object]>([
  ['another host', { ok: true, url: 'ws://169.254.169.254/link' }],
  ['another protocol', { ok: true, url: 'http://127.0.0.1/link' }],
  ['no address', { ok: true }],
  ['a name that does not exist', { ok: true, url: 'wss://no-such-host.slack.com.invalid/link' }],
])('an address that is not one of Slack: %s', async (_name, answer) => {
  const bench = await startSlackBench();
  bench.on('apps.connections.open', { ...answer });
  const said: string[] = [];
  const note = (facts: object) => void said.push(JSON.stringify(facts));
  const slack = createSlack({
    ...{ botToken: 'xoxb-1', way: { appToken: 'xapp-1' }, apiUrl: bench.url },
    ...{ log: { info: note, warn: note, error: note }, answer: async () => ({ text: '', recorded: undefined }) },
  });
  await expect.poll(() => bench.callsOf('apps.connections.open').length, { timeout: 5_000 }).toBeGreaterThan(1);
  expect(slack.trouble()).toMatch(/not one of Slack's|did not answer/);
  await slack.close();
  await bench.close();
});
