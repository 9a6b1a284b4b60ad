import { afterEach, beforeEach, expect, test } from 'vitest';
import { type SandboxPagerDuty, startPagerDuty } from '../../../sandbox/pagerduty/start-pagerduty.ts';
import { usePager } from '../../../sandbox/prompt/use-pager.ts';
import { open, still } from './bench.ts';

let pagerDuty: SandboxPagerDuty;
beforeEach(async () => {
  pagerDuty = await startPagerDuty(still);
});
afterEach(() => pagerDuty.close());

const type = (verb: string, what = '', user = 'oncall') => usePager(pagerDuty, user, [verb, what]);

test('who sits at the prompt sees whose telephone rang, and takes it', async () => {
  expect(await type('pages')).toBe("Nobody's telephone has rung.");
  await open(pagerDuty);
  expect(await type('escalate', '1')).toBe('#1 is triggered');
  expect(await type('ack', '1', 'lead')).toBe('#1 is acknowledged');
  expect(await type('pages')).toBe(
    [
      '10:00:00 oncall: #1 ClickHouse is gone (triggered; now acknowledged)',
      '10:00:00 lead: #1 ClickHouse is gone (escalated; now acknowledged)',
    ].join('\n'),
  );
  expect(await type('resolve', '1')).toBe('#1 is resolved');
  await expect(type('ack', '2')).rejects.toThrow('no incident 2');
});

test('PagerDuty down and up; anything else is none of the pager’s', async () => {
  expect(await type('pagerduty', 'down')).toBe('PagerDuty is down');
  await expect(open(pagerDuty)).rejects.toThrow();
  expect(await type('pagerduty', 'up')).toBe('PagerDuty is up');
  await open(pagerDuty);
  expect(await type('pagerduty')).toBeUndefined();
  expect(await type('slack', 'down')).toBeUndefined();
});
