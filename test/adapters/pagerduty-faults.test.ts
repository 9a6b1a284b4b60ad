import { execFile } from 'node:child_process';
import { type AddressInfo, createServer } from 'node:net';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { FaultKind } from '../../sandbox/pagerduty/faults.ts';
import { createPager } from '../../src/adapters/pagerduty.ts';
import { asked, never, order, rang, usePagerDuty } from './pagerduty-bench.ts';

const bench = usePagerDuty();

/** A fault of a request that is to change something, what it is called, and whether PagerDuty did it. */
const FAULTS: [string, FaultKind | 'down', 'PAGER_UNREACHABLE' | 'PAGER_UNANSWERED' | 'PAGER_REFUSED', boolean][] = [
  ['refused', 'down', 'PAGER_UNREACHABLE', false],
  ['429', { kind: 'ratelimited', reset: 7 }, 'PAGER_UNREACHABLE', false],
  ['429 that does not say how long', { kind: 'ratelimited', reset: 7, bare: true }, 'PAGER_UNREACHABLE', false],
  ['500', { kind: 'status', code: 500 }, 'PAGER_UNANSWERED', false],
  ['503 in its own words', { kind: 'error', status: 503, code: 2000, message: 'Later' }, 'PAGER_UNANSWERED', false],
  ['500 after it was taken', { kind: 'status-after', code: 500 }, 'PAGER_UNANSWERED', true],
  ['reset', { kind: 'reset' }, 'PAGER_UNANSWERED', false],
  ['reset after it was taken', { kind: 'reset-after' }, 'PAGER_UNANSWERED', true],
  ['no answer in time', { kind: 'hang' }, 'PAGER_UNANSWERED', false],
  ['no answer in time after it was taken', { kind: 'hang-after' }, 'PAGER_UNANSWERED', true],
  ['garbage', { kind: 'garbage' }, 'PAGER_UNANSWERED', false],
  ['garbage after it was taken', { kind: 'garbage-after' }, 'PAGER_UNANSWERED', true],
  ['401', { kind: 'error', status: 401, code: 2006, message: 'no' }, 'PAGER_REFUSED', false],
  ['403', { kind: 'error', status: 403, code: 2010, message: 'no' }, 'PAGER_REFUSED', false],
  ['404', { kind: 'error', status: 404, code: 2100, message: 'Not Found' }, 'PAGER_REFUSED', false],
  ['a proxy that forbids it', { kind: 'status', code: 405 }, 'PAGER_REFUSED', false],
];

/** Brings the fault about for requests that change something, or for the Events API; returns the end of it. */
async function breakDown(api: 'rest' | 'events', fault: FaultKind | 'down'): Promise<() => Promise<void>> {
  const { faults } = bench.there;
  if (fault === 'down') {
    await faults.down(api);
    return () => faults.up(api);
  }
  // Only the REST API has errors of that shape.
  const shaped = fault.kind === 'error' && api === 'events' ? ({ kind: 'status', code: fault.status } as const) : fault;
  const heal = faults.add({ ...shaped, match: { api, operation: /^(POST|PUT)/ } });
  return async () => heal();
}

describe.each(FAULTS)('%s', { timeout: 30_000 }, (what, fault, code, isTaken) => {
  const retryAfterMs = what === '429' ? 7_000 : undefined;
  const isTriedOn = code !== 'PAGER_REFUSED';
  // A person can put the token of the REST API in order.
  const retryable = isTriedOn || what === '401' || what === '403';

  test('paging: tried once, called by its name, and paged once in the end', async () => {
    const { there, pager } = bench;
    const heal = await breakDown('rest', fault);
    await expect(pager.trigger(order(), never)).rejects.toMatchObject({ code, retryable, retryAfterMs });
    expect(asked(bench)).toEqual(fault === 'down' ? [] : ['POST /incidents']);
    expect(there.incidents()).toHaveLength(isTaken ? 1 : 0);
    await heal();
    expect(await pager.trigger(order(), never)).toMatchObject({ status: 'triggered' });
    expect(rang(bench)).toEqual(['oncall triggered']);
  });

  test('the second path, and then the first: paged once', async () => {
    const { there, pager, events } = bench;
    const heal = await breakDown('events', fault);
    await expect(events.send('trigger', order(), never)).rejects.toMatchObject({ code, retryable: isTriedOn });
    expect(there.calls()).toHaveLength(fault === 'down' ? 0 : 1);
    await heal();
    await events.send('trigger', order(), never);
    await pager.trigger(order(), never);
    expect(rang(bench)).toEqual(['oncall triggered']);
  });

  test('a change', async () => {
    const { pager, there } = bench;
    const { id } = await pager.trigger(order(), never);
    const heal = await breakDown('rest', fault);
    await expect(pager.change(id, { status: 'acknowledged' }, undefined, never)).rejects.toMatchObject({ code });
    await heal();
    expect(there.incident(id)).toMatchObject({ status: isTaken ? 'acknowledged' : 'triggered' });
    await pager.change(id, { status: 'acknowledged' }, undefined, never);
    expect(there.incident(id)).toMatchObject({ status: 'acknowledged' });
  });
});

test.each<[string, FaultKind]>([
  ['500', { kind: 'status', code: 500 }],
  ['reset', { kind: 'reset' }],
  ['garbage', { kind: 'garbage' }],
  ['hang', { kind: 'hang' }],
])('a question that gets no answer has changed nothing: %s', { timeout: 20_000 }, async (_what, fault) => {
  const { there, pager } = bench;
  there.faults.add({ ...fault });
  await expect(pager.find('a', never)).rejects.toMatchObject({ code: 'PAGER_UNREACHABLE', retryable: true });
});

test('the open incident of the key cannot be told: nothing new was taken, and it is tried again', async () => {
  const { there, pager } = bench;
  await pager.trigger(order(), never);
  const heal = there.faults.add({ kind: 'reset', match: { operation: 'GET /incidents' } });
  await expect(pager.trigger(order(), never)).rejects.toMatchObject({ code: 'PAGER_UNREACHABLE' });
  heal();
  expect(await pager.trigger(order(), never)).toMatchObject({ status: 'triggered' });
  expect(rang(bench)).toEqual(['oncall triggered']);
});

test('what is called off before it is sent was not taken; once it is sent nobody knows', async () => {
  const { there, pager, events } = bench;
  const off = AbortSignal.abort();
  await expect(pager.trigger(order(), off)).rejects.toMatchObject({ code: 'PAGER_UNREACHABLE' });
  await expect(events.send('trigger', order(), off)).rejects.toMatchObject({ code: 'PAGER_UNREACHABLE' });
  expect(there.calls()).toEqual([]);
  for (const call of [pager.trigger.bind(pager, order()), events.send.bind(events, 'trigger', order())]) {
    const stop = new AbortController();
    const forget = there.onCall(() => stop.abort());
    await expect(call(stop.signal)).rejects.toMatchObject({ code: 'PAGER_UNANSWERED', message: /called off/ });
    forget();
  }
});

test('a connection that is never secured has carried nothing', { timeout: 20_000 }, async () => {
  const silent = createServer((socket) => socket.on('error', () => undefined).resume()).listen(0, '127.0.0.1');
  await new Promise((resolve) => silent.once('listening', resolve));
  const { port } = silent.address() as AddressInfo;
  const setup = { token: 't', serviceId: 'P1', from: 'a@b.example' };
  const pager = createPager({ ...setup, apiUrl: `https://127.0.0.1:${port}` });
  await expect(pager.trigger(order(), never)).rejects.toMatchObject({
    code: 'PAGER_UNREACHABLE',
    message: 'PagerDuty does not answer (no answer in time).',
  });
  const plain = createPager({ ...setup, apiUrl: bench.there.url.replace('http:', 'https:') });
  await expect(plain.trigger(order(), never)).rejects.toMatchObject({ code: 'PAGER_UNREACHABLE' });
  await new Promise((resolve) => silent.close(resolve));
});

test('a redirect is not followed: the token is for one address only', async () => {
  const { there, pager } = bench;
  there.faults.add({ kind: 'status', code: 302 });
  await expect(pager.trigger(order(), never)).rejects.toMatchObject({ code: 'PAGER_REFUSED' });
});

test('a process that has asked ends at once, whatever came of it', { timeout: 60_000 }, async () => {
  const { there } = bench;
  const heal = there.faults.add({ kind: 'status', code: 502, times: 1 });
  const script = `
    import { createPager } from ${JSON.stringify(new URL('../../src/adapters/pagerduty.ts', import.meta.url).href)};
    const pager = createPager(${JSON.stringify({ token: there.token, apiUrl: there.url, serviceId: there.serviceId, from: there.fromEmail })});
    const never = new AbortController().signal;
    await pager.find('a', never).catch((thrown) => console.log(thrown.code));
    console.log(await pager.find('a', never));
    const done = performance.now();
    process.on('exit', () => console.log(performance.now() - done < 5_000));
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  heal();
  expect(stdout).toBe('PAGER_UNREACHABLE\nundefined\ntrue\n');
});
