import { createHmac } from 'node:crypto';
import { startHttp } from '../../src/adapters/http.ts';
import { createSlack } from '../../src/adapters/slack.ts';

/** A whole process with the Slack at the given address: answers one command, closes, and tells how long it lived on after that. */
const [, , apiUrl = ''] = process.argv;
const quiet = () => undefined;
const slack = createSlack({
  ...{ botToken: 'xoxb-1', way: { signingSecret: 'secret' }, apiUrl, log: { info: quiet, warn: quiet, error: quiet } },
  answer: async () => ({ text: 'Recorded.', recorded: true }),
});
const http = await startHttp('127.0.0.1', 0, slack.routes, console.error);
await slack.chat.whoAmI(AbortSignal.timeout(5_000)).catch(quiet);
await new Promise((resolve) => setTimeout(resolve, 1_500));

const body = new URLSearchParams({
  ...{ command: '/dr', text: 'status', trigger_id: '1.2.abc', team_id: 'T1', user_id: 'U1', channel_id: 'C1' },
}).toString();
const timestamp = String(Math.floor(Date.now() / 1_000));
const response = await fetch(`http://127.0.0.1:${http.port}/slack/events`, {
  method: 'POST',
  headers: {
    'content-type': 'application/x-www-form-urlencoded',
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': `v0=${createHmac('sha256', 'secret').update(`v0:${timestamp}:${body}`).digest('hex')}`,
  },
  body,
});
const text: unknown = Reflect.get(Object(await response.json()), 'text');
await slack.close();
await http.close();
const closedAt = performance.now();
process.on('exit', () => {
  console.log(JSON.stringify({ status: response.status, text, lingered: performance.now() - closedAt }));
});
