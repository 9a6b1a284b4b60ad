import { expect, test } from 'vitest';
import { startPagerDuty } from '../../../sandbox/pagerduty/start-pagerduty.ts';
import { ask, startReceiver } from './bench.ts';

test('closing cuts what hangs and leaves no socket and no timer', async () => {
  const openHandles = () =>
    process
      .getActiveResourcesInfo()
      .filter((kind) => /TCP|Timeout/.test(kind))
      .sort();
  const before = openHandles();
  const bot = await startReceiver();
  bot.answer = () => undefined;
  const closing = await startPagerDuty({ webhookUrl: bot.url, webhookTimeoutMs: 60_000 });
  closing.people.trigger('lead', { title: 'a' });
  closing.faults.add({ kind: 'hang', times: 1 });
  closing.faults.add({ kind: 'slow', ms: 60_000 });
  const calls = Promise.allSettled([ask(closing, 'GET /users'), ask(closing, 'GET /incidents')]);
  await expect.poll(() => [bot.received.length, closing.calls().length], { timeout: 10_000 }).toEqual([1, 2]);
  await closing.close();
  await closing.close();
  expect((await calls).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await bot.close();
  await expect.poll(openHandles, { timeout: 10_000 }).toEqual(before);
});
