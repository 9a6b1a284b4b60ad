import { expect, test } from 'vitest';
import { createPagerEvents } from '../../src/adapters/pagerduty-events.ts';
import { asked, never, order, rang, usePagerDuty } from './pagerduty-bench.ts';

const bench = usePagerDuty();

test('pages whoever is on call, by the key; twice is once', async () => {
  const { there, pager, events } = bench;
  await events.send('trigger', order({ url: 'https://sandbox.slack.com/archives/C1' }), never);
  await events.send('trigger', order(), never);
  expect(rang(bench)).toEqual(['oncall triggered']);
  expect(there.calls()[0]?.request).toMatchObject({
    ...{ event_action: 'trigger', dedup_key: 'muster/incident-1', client_url: 'https://sandbox.slack.com/archives/C1' },
    payload: { summary: 'ClickHouse is gone', severity: 'critical', source: 'muster' },
  });
  expect(await pager.find(order().key, never)).toMatchObject({ status: 'triggered' });
});

test('adds to what the first path has made, and pages nobody again', async () => {
  const { there, pager, events } = bench;
  await pager.trigger(order(), never);
  await events.send('trigger', order(), never);
  expect(there.incidents()).toHaveLength(1);
  expect(rang(bench)).toEqual(['oncall triggered']);
});

test('acknowledges and resolves by the key', async () => {
  const { pager, events } = bench;
  await events.send('trigger', order({ urgency: 'low' }), never);
  await events.send('acknowledge', order(), never);
  expect(await pager.find(order().key, never)).toMatchObject({ status: 'acknowledged' });
  await events.send('resolve', order(), never);
  await events.send('resolve', order(), never);
  expect(await pager.find(order().key, never)).toMatchObject({ status: 'resolved' });
});

test('a routing key that is nobody is refused in PagerDuty words, and not told', async () => {
  const wrong = createPagerEvents({ routingKey: 'x'.repeat(32), eventsUrl: `${bench.there.eventsUrl}/` });
  const failed = await wrong.send('trigger', order(), never).catch((thrown: unknown) => thrown);
  expect(failed).toMatchObject({
    code: 'PAGER_REFUSED',
    message: 'PagerDuty refused the event (HTTP 400): Event object is invalid; invalid routing key.',
    action: expect.stringContaining('PAGERDUTY_ROUTING_KEY'),
  });
  expect(String(failed)).not.toContain('xxxx');
});

test('without a key nothing is sent: every event would be an incident of its own', async () => {
  await expect(bench.events.send('trigger', order({ key: '' }), never)).rejects.toMatchObject({
    code: 'PAGER_REFUSED',
  });
  expect(asked(bench)).toEqual([]);
});
