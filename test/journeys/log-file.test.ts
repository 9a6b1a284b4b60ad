import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askInSlack, type as typeIn, untilReady } from './slack/act.ts';
import { openSlackWorld, type SlackWorld, WAYS } from './slack/open-slack.ts';
import { until } from './story.ts';
import { canTravel, NAMESPACE } from './world.ts';

describe.skipIf(!canTravel).each(WAYS)('a file that is asked for in Slack, over %s', (way) => {
  let world: SlackWorld;
  beforeAll(async () => {
    world = await openSlackWorld({ way });
    world.startBot();
    await untilReady(world);
  });
  afterAll(() => world.close());

  const type = (user: string, text: string) => typeIn(world, user, text);
  const files = () => world.slack.files();

  test('a log comes as a file in the direct messages of whoever asked, and nowhere else', async () => {
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

  test('a log is not for whoever may not ask for a run there', async () => {
    expect(await type('dba', `logs ${NAMESPACE} clickhouse`)).toContain('The policy does not let databases request');
    expect(files()).toHaveLength(1);
  });

  test('what is recorded of a run comes so too, line by line as it was written', async () => {
    const run = await askInSlack(world, { more: ' --from nosuch' });
    await until(world, run, 'refused');
    const answer = await type('lead', `export ${run}`);
    expect(answer).toContain(`All that is recorded of run ${run}, as JSON lines.`);
    expect(answer).toContain('It is a file in your direct messages with Muster.');
    const file = files().find(({ name }) => name === `run-${run}.jsonl`);
    const lines = file?.content.toString('utf8').trimEnd().split('\n') ?? [];
    const types = lines.map((line) => (JSON.parse(line) as { event: { type: string } }).event.type);
    expect(types).toEqual(expect.arrayContaining(['run.requested', 'run.refused']));
    const said = world.slack.posted().map(({ message }) => JSON.stringify(message));
    expect(said.some((message) => message.includes('run.requested'))).toBe(false);
    expect(await type('stranger', `export ${run}`)).toContain('No group of the policy knows this actor.');
    expect(files().filter(({ name }) => name === `run-${run}.jsonl`)).toHaveLength(1);
  });
});
