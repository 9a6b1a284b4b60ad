import { expect, test } from 'vitest';
import type { Delivery } from '../../src/domain/delivery.ts';
import { Policy } from '../../src/domain/policy.ts';
import { type EventDeps, takeEvent } from '../../src/engine/take-event.ts';
import { DrError } from '../../src/errors.ts';

type Event = Extract<Delivery, { kind: 'event' }>;
const PIN: Event = {
  ...{ kind: 'event', id: 'Ev1', team: 'T1', user: 'U0LEAD', channel: 'C1', text: 'disk full', actionId: 'pin_added' },
  message: { channel: 'C1', ts: '1.1' },
};
const never = () => Promise.reject(new Error('not asked for here'));
const silent = () => undefined;
const policy = Policy.parse({ groups: { leads: { slackGroups: ['S0LEADS'] } } });

function deps(more: Partial<EventDeps>): EventDeps {
  return {
    ledger: { claim: never, isClaimed: async () => false },
    clock: { now: () => 0 },
    log: { info: silent, warn: silent, error: silent },
    groups: ['S0LEADS'],
    policy,
    emoji: 'pushpin',
    chat: { groupsOf: never, read: never, link: never },
    incidents: { read: never, change: never, ofChannel: async () => '20261126-174158' },
    ...more,
  };
}

test('where Slack does not say who somebody is, it is to deliver the event again: nothing is claimed', async () => {
  await expect(takeEvent(deps({}), PIN)).rejects.toMatchObject({ code: 'CHAT_UNREACHABLE', retryable: true });
});

test('with the ledger away, too', async () => {
  const away = new DrError({ code: 'LEDGER_UNREACHABLE', message: 'Redis is away.', action: '', retryable: true });
  const incidents = { read: never, change: never, ofChannel: () => Promise.reject(away) };
  await expect(takeEvent(deps({ incidents }), PIN)).rejects.toBe(away);
});

test('what was recorded is claimed after that, and not before', async () => {
  const order: string[] = [];
  const ledger = { isClaimed: async () => false, claim: async (id: string) => order.push(`claim ${id}`) > 0 };
  const incidents = { read: async () => order.push('read') as never, change: never, ofChannel: async () => 'i1' };
  const chat = { groupsOf: async () => ['S0LEADS'], read: never, link: never };
  await expect(takeEvent(deps({ ledger, incidents, chat }), PIN)).rejects.toThrow();
  expect(order).toEqual(['read']);
});

test.each<[string, Partial<Event>]>([
  ['a message', { actionId: 'message' }],
  ['a rename', { actionId: 'channel_rename' }],
  ['another emoji', { actionId: 'reaction_added', emoji: 'eyes' }],
  ['an event without a channel', { channel: undefined } as never],
])('%s asks nothing of anybody', async (_name, more) => {
  const incidents = { read: never, change: never, ofChannel: never };
  expect(await takeEvent(deps({ incidents }), { ...PIN, ...more })).toBeUndefined();
});

test.each<[string, Partial<EventDeps>]>([
  ['in a channel that is no room', { incidents: { read: never, change: never, ofChannel: async () => undefined } }],
  ['that was taken before', { ledger: { claim: never, isClaimed: async () => true } }],
])('a pin %s changes nothing', async (_name, more) => {
  expect(await takeEvent(deps(more), PIN)).toBeUndefined();
});
