import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type as typeIn, untilReady } from './slack/act.ts';
import { openSlackWorld, type SlackWorld, WAYS } from './slack/open-slack.ts';
import { canTravel, NAMESPACE } from './world.ts';

describe.skipIf(!canTravel).each(WAYS)('a log that is asked for in Slack, over %s', (way) => {
  let world: SlackWorld;
  beforeAll(async () => {
    world = await openSlackWorld({ way });
    world.startBot();
    await untilReady(world);
  });
  afterAll(() => world.close());

  const type = (user: string, text: string) => typeIn(world, user, text);
  const files = () => world.slack.files();

  test('comes as a file in the direct messages of whoever asked, and nowhere else', async () => {
    const answer = await type('oncall', `logs ${NAMESPACE} normalization-service`);
    expect(answer).toMatch(/6 lines of 3 pods of data-processing\/normalization-service\./);
    expect(answer).toContain('It is a file in your direct messages with Muster.');
    expect(answer).not.toContain('started in');
    expect(files()).toHaveLength(1);
    const [file] = files();
    expect(file?.content.toString('utf8')).toContain(`started in ${NAMESPACE}/normalization-service-`);
    const channels = world.slack.posted().map(({ message }) => JSON.stringify(message));
    expect(channels.some((message) => message.includes('started in'))).toBe(false);
    const uploads = world.slack.calls().filter(({ method }) => method === 'files.completeUploadExternal');
    expect(uploads.map(({ args }) => String(args['channel_id'])[0])).toEqual(['D']);
  });

  test('is not for whoever may not ask for a run there', async () => {
    expect(await type('dba', `logs ${NAMESPACE} clickhouse`)).toContain('The policy does not let databases request');
    expect(files()).toHaveLength(1);
  });
});
