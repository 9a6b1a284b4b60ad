import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canTravel, eventually, NAMESPACE, openWorld, type World } from './world.ts';

describe.skipIf(!canTravel)('a log that is asked for in Slack', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld({ slack: true });
    world.startBot();
    // Its first answer may wait while it loads its clients.
    const url = `http://127.0.0.1:${world.sandbox.env['PORT']}/readyz`;
    await eventually('the bot is ready', async () => {
      const answer = await fetch(url, { signal: AbortSignal.timeout(10_000) }).catch(() => undefined);
      return answer?.status === 200 || undefined;
    });
  });
  afterAll(() => world.close());

  async function type(user: string, text: string): Promise<string> {
    const { slack } = world.sandbox;
    if (slack === undefined) throw new Error('there is no Slack');
    const heard = () =>
      slack.ephemerals(user).flatMap(({ message }) => (message.text.startsWith('Working on it') ? [] : [message.text]));
    const before = heard().length;
    await slack.deliver.command(user, 'incidents', '/dr', text);
    return eventually(`an answer to ${text}`, () => heard()[before]);
  }
  const files = () => world.sandbox.slack?.files() ?? [];

  test('comes as a file in the direct messages of whoever asked, and nowhere else', async () => {
    const answer = await type('oncall', `logs ${NAMESPACE} normalization-service`);
    expect(answer).toMatch(/6 lines of 3 pods of data-processing\/normalization-service\./);
    expect(answer).toContain('It is a file in your direct messages with Muster.');
    expect(answer).not.toContain('started in');
    expect(files()).toHaveLength(1);
    const [file] = files();
    expect(file?.content.toString('utf8')).toContain(`started in ${NAMESPACE}/normalization-service-`);
    const channels = world.sandbox.slack?.posted().map(({ message }) => JSON.stringify(message)) ?? [];
    expect(channels.some((message) => message.includes('started in'))).toBe(false);
    const uploads =
      world.sandbox.slack?.calls().filter(({ method }) => method === 'files.completeUploadExternal') ?? [];
    expect(uploads.map(({ args }) => String(args['channel_id'])[0])).toEqual(['D']);
  });

  test('is not for whoever may not ask for a run there', async () => {
    expect(await type('dba', `logs ${NAMESPACE} clickhouse`)).toContain('The policy does not let databases request');
    expect(files()).toHaveLength(1);
  });
});
