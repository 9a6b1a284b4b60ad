import { userInfo } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ALL_SCOPES } from '../../sandbox/slack/methods/method-table.ts';
import { type SandboxSlack, startSlack } from '../../sandbox/slack/start-slack.ts';
import { askDoctor, LATE } from './doctor-bench.ts';
import { canTravel, openWorld, type World } from './world.ts';

describe.skipIf(!canTravel)('dr doctor: Slack', () => {
  let world: World;
  let slack: SandboxSlack;
  beforeAll(async () => {
    world = await openWorld({ slack: true });
    if (world.sandbox.slack === undefined) throw new Error('no Slack');
    slack = world.sandbox.slack;
  });
  afterAll(() => world.close());

  /** The environment that leads to another workspace. */
  const envOf = (other: SandboxSlack) => ({
    SLACK_BOT_TOKEN: other.botToken,
    SLACK_SIGNING_SECRET: other.signingSecret,
    SLACK_API_URL: other.url,
  });

  test('a token that was revoked', async () => {
    const heal = slack.faults.add({ kind: 'error', error: 'token_revoked' });
    const told = await askDoctor(world);
    heal();
    expect(told.of('red')).toEqual(['slack']);
    expect(told.about('slack')).toMatch(/token_revoked.*SLACK_BOT_TOKEN/);
    expect(told.of('unchecked')).toEqual(['slack channels', 'slack people', 'slack scopes']);
  });

  test('Slack down: one red line, the rest is told', async () => {
    await slack.faults.down();
    const told = await askDoctor(world);
    await slack.faults.up();
    expect(told.of('red')).toEqual(['slack']);
    expect(told.of('ok')).toEqual(expect.arrayContaining(['redis', 'sandbox: velero', 'policy']));
  });

  test('Slack hangs: the rest is told within 20 s', async () => {
    const heal = slack.faults.add({ kind: 'hang' });
    const began = performance.now();
    const told = await askDoctor(world);
    heal();
    expect(performance.now() - began).toBeLessThan(20_000);
    expect(told.of('red')).toEqual(['slack']);
  }, 40_000);

  test('a scope that was not granted', async () => {
    const other = await startSlack({ scopes: ALL_SCOPES.filter((scope) => scope !== 'files:write') });
    const told = await askDoctor(world, { env: envOf(other) });
    await other.close();
    expect(told.of('red')).toEqual(['slack scopes']);
    expect(told.about('slack scopes')).toMatch(/files:write \(.*install the app again/);
  });

  test.each([
    ['the bot is not in it', 'random', /the bot is not in #random .*\/invite @muster/],
    ['it is not there', 'nowhere', /none that the bot can see .*SLACK_INCIDENTS_CHANNEL/],
  ])('the incidents channel: %s', async (_what, channel, sentence) => {
    const told = await askDoctor(world, { env: { SLACK_INCIDENTS_CHANNEL: channel } });
    expect(told.of('red')).toEqual([`slack channel ${channel}`]);
    expect(told.about(`slack channel ${channel}`)).toMatch(sentence);
  });

  test('a stakeholders channel that is archived; none for incidents is a warning', async () => {
    const other = await startSlack();
    other.people.archive({ user: 'lead', channel: 'data-platform' });
    const told = await askDoctor(world, { env: { ...envOf(other), SLACK_STAKEHOLDERS_CHANNEL: 'data-platform' } });
    await other.close();
    expect(told.of('red')).toEqual(['slack channel data-platform']);
    const none = await askDoctor(world, { env: { SLACK_INCIDENTS_CHANNEL: '' } });
    expect([none.of('red'), none.of('warning')]).toEqual([
      [],
      ['pagerduty', 'checks declared', 'slack channel', ...LATE],
    ]);
  });

  test('whom the policy names but Slack does not have any more', async () => {
    const other = await startSlack();
    other.people.deactivate({ user: 'lead' });
    other.people.disableGroup({ group: other.groups['dr-leads'] });
    const told = await askDoctor(world, { env: envOf(other) });
    await other.close();
    expect(told.of('red')).toEqual(['slack people']);
    expect(told.about('slack people')).toBe(
      'U0LEAD00001 is deactivated; user group S0DRLEADS01 is disabled / Take them out of the policy file, or put in whoever took their place.',
    );
  });

  test('whom Slack never had', async () => {
    const policy = `groups:
  all: { slack: [U0NOBODY001], slackGroups: [S0NOGROUP01], terminal: [${JSON.stringify(userInfo().username)}] }
allow:
  - { group: all, may: [request, approve], clusters: [sandbox], namespaces: [data-processing] }
breakGlass: [all]
`;
    const told = await askDoctor(world, { policy });
    expect(told.of('red')).toEqual(['slack people']);
    expect(told.about('slack people')).toContain('U0NOBODY001 does not exist; user group S0NOGROUP01 does not exist');
  });

  test('without Slack it says so, and is not red', async () => {
    const env = { SLACK_BOT_TOKEN: '', SLACK_SIGNING_SECRET: '' };
    const told = await askDoctor(world, { env });
    expect(told.of('red')).toEqual([]);
    expect(told.of('unused')).toEqual(['routing', 'slack']);
  });
});
