import { setTimeout as sleep } from 'node:timers/promises';
import { createSlack } from '../../src/adapters/slack.ts';

/** A whole process with the Slack at the given address: connects if it can, closes, and tells how long it lived on after that. */
const [, , apiUrl = '', appToken = ''] = process.argv;
const quiet = () => undefined;
const slack = createSlack({
  ...{ botToken: 'xoxb-1', way: { appToken }, apiUrl, log: { info: quiet, warn: quiet, error: quiet } },
  answer: async () => ({ text: 'Recorded.', recorded: true }),
});
await sleep(2_000);
const connected = slack.trouble() === undefined;
await slack.close();
const closedAt = performance.now();
process.on('exit', () => console.log(JSON.stringify({ connected, lingered: performance.now() - closedAt })));
