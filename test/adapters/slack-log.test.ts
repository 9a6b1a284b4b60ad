import { expect, test } from 'vitest';
import { bridgeLog } from '../../src/adapters/slack-log.ts';

test("Slack's libraries are heard in warnings and errors, but not for what they throw as well", () => {
  const lines: [object, string][] = [];
  const log = bridgeLog({
    info: () => expect.unreachable(),
    warn: (...line) => lines.push(line),
    error: (...line) => lines.push(line),
  });
  log.debug('whole bodies');
  log.info('whole bodies');
  for (let second = 0; second < 60; second += 1) log.warn('http request failed', 'fetch failed');
  log.warn('no text', { token: 'secret' });
  log.error(new TypeError('no'));
  expect(lines).toEqual([
    [{ said: 'no text (object)' }, "Slack's library warns"],
    [{ said: 'TypeError: no' }, "Slack's library reports an error"],
  ]);
});
