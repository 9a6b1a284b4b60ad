import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { approve, ask, loseNamespace, planOf, until, untilPhase } from '../story.ts';
import { type Bot, canTravel, eventually } from '../world.ts';
import { askInSlack, press, untilReady } from './act.ts';
import { openSlackWorld, type SlackWorld, WAYS } from './open-slack.ts';
import { PATIENCE_MS, TIMEOUT } from './patience.ts';
import { expectSaid, saidAbout, untilPostsEnded, untilSaid } from './said.ts';

describe.skipIf(!canTravel).each(WAYS)('where a run is spoken of, over %s', TIMEOUT, (way) => {
  let world: SlackWorld;
  beforeAll(async () => {
    world = await openSlackWorld({ way });
    await world.inside.startBot();
    await untilReady(world);
    await loseNamespace(world);
  });
  afterAll(() => world.close());

  const DIRECT = [
    'a direct message between two people',
    () => world.slack.people.openDirect({ from: 'oncall', to: 'dba' }),
  ] as const;
  test.each([['#random', (): string => 'random'] as const, DIRECT])(
    'asked in %s, where the bot is not: the card is in #incidents, whoever asked is told where',
    async (_name, place) => {
      const run = await askInSlack(world, { channel: place() });
      await untilSaid(world, run, 'plan');
      await press(world, 'lead', 'Reject', run);
      const said = await expectSaid(world, run, ['card', 'elsewhere', 'plan', 'end']);
      expect(said.map(({ channel }) => channel)).toEqual(['incidents', '@oncall', 'incidents', 'incidents']);
      const { url } = linkIn(said[1]?.text ?? '');
      expect(url).toContain(world.slack.channels.incidents);
      expect(url).toContain(`p${said[0]?.ts.replace('.', '')}`);
    },
  );

  test('asked in a channel with the bot: all of it is there', async () => {
    const run = await askInSlack(world, { channel: 'data-platform' });
    await press(world, 'lead', 'Reject', run, 'data-platform');
    const said = await expectSaid(world, run, ['card', 'plan', 'end']);
    expect(new Set(said.map(({ channel }) => channel))).toEqual(new Set(['data-platform']));
  });

  test('the card is deleted in mid-run: the run ends, and the end is said', async () => {
    await loseNamespace(world);
    world.sandbox.cluster.velero.faults.stuckIn = 'InProgress';
    const run = await askInSlack(world);
    await press(world, 'lead', 'Approve', run);
    await untilPhase(world, run, 'InProgress', PATIENCE_MS);
    const card = await untilSaid(world, run, 'card');
    world.slack.people.removeMessage({ channel: 'incidents', ts: card.ts });
    delete world.sandbox.cluster.velero.faults.stuckIn;
    await until(world, run, 'succeeded', PATIENCE_MS);
    const said = await expectSaid(world, run, ['plan', 'end']);
    expect(said[1]?.text).toContain('RECOVERED and verified');
  });

  test('the channel is archived in mid-run: the run ends, and the end is said in #incidents', async () => {
    await loseNamespace(world);
    world.sandbox.cluster.velero.faults.stuckIn = 'InProgress';
    const run = await askInSlack(world, { channel: 'data-platform' });
    await press(world, 'lead', 'Approve', run, 'data-platform');
    await untilPhase(world, run, 'InProgress', PATIENCE_MS);
    world.slack.people.archive({ user: 'lead', channel: 'data-platform' });
    delete world.sandbox.cluster.velero.faults.stuckIn;
    await until(world, run, 'succeeded', PATIENCE_MS);
    await untilPostsEnded(world, run);
    const said = saidAbout(world, run).map(({ channel, kind }) => `${channel} ${kind}`);
    expect(said).toEqual(['data-platform card', 'data-platform plan', 'incidents end']);
  });

  test('#incidents is archived too: the end reaches whoever asked, directly', async () => {
    await loseNamespace(world);
    world.slack.people.archive({ user: 'lead', channel: 'incidents' });
    const run = await askInSlack(world, { channel: 'random' });
    expect((await untilSaid(world, run, 'plan')).channel).toBe('@oncall');
    await approve(world, run, await planOf(world, run));
    await until(world, run, 'succeeded', PATIENCE_MS);
    const said = await expectSaid(world, run, ['card', 'plan', 'glass', 'end']);
    expect(new Set(said.map(({ channel }) => channel))).toEqual(new Set(['@oncall']));
    world.slack.people.unarchive({ user: 'lead', channel: 'incidents' });
  });
});

describe.skipIf(!canTravel).each(WAYS)(
  'no incidents channel is configured, and the bot may not share files, over %s',
  TIMEOUT,
  (way) => {
    let world: SlackWorld;
    let bot: Bot;
    beforeAll(async () => {
      const scopes = [
        'chat:write',
        'commands',
        'im:write',
        'usergroups:read',
        ...['channels', 'groups', 'im', 'mpim'].flatMap((kind) => [`${kind}:read`, `${kind}:history`]),
      ];
      world = await openSlackWorld({ way, slack: { scopes }, env: { SLACK_INCIDENTS_CHANNEL: '' } });
      bot = world.startBot();
      await untilReady(world);
      await loseNamespace(world);
    });
    afterAll(() => world.close());

    test('asked in #random: whoever asked gets it directly, without its file, which the log says once a file', async () => {
      const run = await askInSlack(world, { channel: 'random' });
      await untilSaid(world, run, 'plan');
      await approve(world, run, await planOf(world, run));
      await until(world, run, 'succeeded', PATIENCE_MS);
      const said = await expectSaid(world, run, ['card', 'plan', 'glass', 'end']);
      expect(new Set(said.map(({ channel }) => channel))).toEqual(new Set(['@oncall']));
      expect(world.slack.files()).toEqual([]);
      const lines = await eventually('the log says so', () => {
        const found = bot.lines().filter(({ msg }) => msg === 'a file was not attached');
        return found.length > 0 ? found : undefined;
      });
      expect(lines.map(({ error }) => error)).toEqual(
        lines.map(() => expect.stringContaining('missing_scope: it needs files:write')),
      );
      expect(new Set(lines.map(({ file }) => file)).size).toBe(lines.length);
    });

    test('asked in the terminal: there is nowhere to say it, which is recorded, and the run goes on', async () => {
      await loseNamespace(world);
      const run = await ask(world);
      await approve(world, run, await planOf(world, run));
      await until(world, run, 'succeeded', PATIENCE_MS);
      await untilPostsEnded(world, run);
      const last = (await world.ledger.read(`posts-${run}`)).at(-1);
      expect(last?.event).toMatchObject({
        type: 'posts.ended',
        why: expect.stringMatching(/^nowhere to say: card, glass-\d+, end$/),
      });
      expect(saidAbout(world, run)).toEqual([]);
    });
  },
);

function linkIn(text: string): { url: string } {
  return { url: /<(https?:[^|>]+)/.exec(text)?.[1] ?? '' };
}
