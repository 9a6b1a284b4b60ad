import { describe, expect, test } from 'vitest';
import { planStorm } from './storm-plan.ts';
import { linkCalls, renderTree, type Traced } from './trace-calls.ts';

const call = (what: string, beganAt: number, args: Traced['args'] = {}, tells: string[] = []): Traced => ({
  ...{ what, args, beganAt, tells, endedAt: beganAt + 150 },
});
const create = call('conversations.create', 110, { name: 'incident-1' }, ['C1']);
const card = call('chat.postMessage post-card', 270, { channel: 'C1' }, ['1.1']);
const pin = call('pins.add', 430, { channel: 'C1', timestamp: '1.1' });
const announce = call('chat.postMessage announce', 105, { channel: 'C2' });

describe('who waited for whom', () => {
  test('is what told what a call names; the chain is what the calls themselves took', () => {
    const links = linkCalls([pin, card, announce, create]);
    expect(links.map(({ call: { what }, chainMs }) => [what, chainMs])).toEqual([
      ['chat.postMessage announce', 150],
      ['conversations.create', 150],
      ['chat.postMessage post-card', 300],
      ['pins.add', 450],
    ]);
    expect(renderTree(links, 100)).toEqual([
      '    5 to   155 ms  chat.postMessage announce',
      '   10 to   160 ms  conversations.create',
      '  170 to   320 ms    chat.postMessage post-card',
      '  330 to   480 ms      pins.add',
    ]);
  });

  test('a read decides what comes after it in the same place', () => {
    const info = call('conversations.info', 270, { channel: 'C1' });
    const topic = call('conversations.setTopic', 430, { channel: 'C1', topic: 't' });
    expect(linkCalls([create, info, topic]).at(-1)).toMatchObject({ chainMs: 450, after: { call: info } });
    const elsewhere = call('conversations.info', 270, { channel: 'C2' });
    expect(linkCalls([create, elsewhere, topic]).at(-1)).toMatchObject({ chainMs: 300, after: { call: create } });
  });

  test('nothing is named before it was told', () => {
    expect(() => linkCalls([create, call('pins.add', 200, { channel: 'C1' })])).toThrow('began before');
  });
});

describe('a storm', () => {
  const plan = planStorm({ alerts: 10_000, lastsMs: 60_000, senders: 8, domains: ['a', 'b', 'c'], startsAt: 1 });

  test('has each alert once, over all failure domains and senders, in time', () => {
    const alerts = plan.flatMap((delivery) => delivery.alerts);
    expect(new Set(alerts.map(({ namespace, number }) => `${namespace}/${number}`)).size).toBe(10_000);
    expect(new Set(plan.map(({ sender }) => sender)).size).toBe(8);
    expect(plan.every(({ atMs }, at) => atMs < 60_000 && atMs >= (plan[at - 1]?.atMs ?? 0))).toBe(true);
  });

  test('is made of single alerts, and of a quarter in batches', () => {
    expect(plan.filter(({ alerts }) => alerts.length === 1)).toHaveLength(7_500);
    expect(plan.filter(({ alerts }) => alerts.length === 100)).toHaveLength(25);
  });
});
