import { afterEach, beforeEach, expect } from 'vitest';
import { type SandboxPagerDuty, startPagerDuty } from '../../sandbox/pagerduty/start-pagerduty.ts';
import { createPager } from '../../src/adapters/pagerduty.ts';
import { createPagerEvents } from '../../src/adapters/pagerduty-events.ts';
import type { PageOrder, Pager, PagerEvents } from '../../src/incident-ports.ts';
import { validatePagerDutyCalls } from '../pagerduty-calls.ts';

export interface PagerBench {
  there: SandboxPagerDuty;
  pager: Pager;
  events: PagerEvents;
}

/** A PagerDuty of its own for each test, and Muster's two ways to it. Whatever a test asks must fit PagerDuty's documents. */
export function usePagerDuty(): PagerBench {
  const bench = {} as PagerBench;
  beforeEach(async () => {
    const there = await startPagerDuty();
    const { token, url, serviceId, routingKey, eventsUrl, fromEmail } = there;
    const pager = createPager({ token, apiUrl: url, serviceId, from: fromEmail });
    Object.assign(bench, { there, pager, events: createPagerEvents({ routingKey, eventsUrl }) });
  });
  afterEach(async () => {
    expect(validatePagerDutyCalls(bench.there.calls())).toEqual([]);
    await bench.there.close();
  });
  return bench;
}

export const never = new AbortController().signal;

export const order = (more: Partial<PageOrder> = {}): PageOrder => ({
  key: 'muster/incident-1',
  title: 'ClickHouse is gone',
  details: '3 alerts of clickhouse in data-processing',
  urgency: 'high',
  ...more,
});

/** What was asked, in order: `POST /incidents`. */
export const asked = ({ there }: PagerBench): string[] => there.calls().map(({ operation }) => operation);

/** Who was paged, and why, in order. */
export const rang = ({ there }: PagerBench): string[] => there.pages().map(({ user, why }) => `${user} ${why}`);
