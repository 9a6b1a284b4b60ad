import { expect, test } from 'vitest';
import { startSlack } from '../../../sandbox/slack/start-slack.ts';
import { connect, startReceiver } from './client.ts';

const open = () =>
  process
    .getActiveResourcesInfo()
    .filter((kind) => /TCP|Timeout/.test(kind))
    .sort();

test('closing cuts what hangs and leaves no socket and no timer', async () => {
  const before = open();
  const app = await startReceiver();
  app.answer = undefined;
  const slack = await startSlack({ botUrl: app.url, retryDelaysMs: [60_000], events: ['app_mention'], ackMs: 60_000 });
  slack.faults.add({ kind: 'hang', times: 1 });
  slack.faults.add({ kind: 'slow', ms: 60_000 });
  const client = connect(slack, slack.botToken, { timeout: 0 });
  const calls = Promise.allSettled([client.auth.test(), client.users.list({})]);
  const command = slack.deliver.command('oncall', 'incidents', '/dr', 'status');
  await expect.poll(() => [app.received.length, slack.calls().length]).toEqual([1, 2]);
  slack.people.say({ user: 'oncall', channel: 'incidents', text: '@muster' });
  await slack.close();
  await slack.close();
  expect((await calls).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await command).toMatchObject({ status: undefined, error: 'dispatch_failed' });
  await slack.deliver.settled();
  await app.close();
  await expect.poll(open).toEqual(before);
});
