import { userInfo } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { goInSlack, type InSlack } from './in-slack.ts';
import { abort, loseNamespace, planOf, until } from './story.ts';
import { canTravel, NAMESPACE, openWorld, type World } from './world.ts';

const MINUTE = 60_000;
const ALICE = 'U0ALICE';
const BOB = 'U0BOB';
const LEADS = 'S0LEADS';
const NEW = 'U0NEWLEAD';

/** Alice may ask, Bob and whoever is in the user group may approve; Alice has this test's account in the terminal. */
const policy = (secondPerson: string) => `
groups:
  engineers: { terminal: [${JSON.stringify(userInfo().username)}], slack: [${ALICE}] }
  leads: { slack: [${BOB}, ${ALICE}], slackGroups: [${LEADS}] }
people:
  alice: { terminal: ${JSON.stringify(userInfo().username)}, slack: ${ALICE} }
allow:
  - { group: engineers, may: [request, abort], clusters: [sandbox], namespaces: [${NAMESPACE}] }
  - { group: leads, may: [approve], clusters: [sandbox], namespaces: [${NAMESPACE}] }
secondPerson: ${secondPerson}
`;

describe.skipIf(!canTravel)('a second person, in Slack', () => {
  let world: World;
  let slack: InSlack;
  let alone: InSlack;
  let stop: () => Promise<void>;
  beforeAll(async () => {
    world = await openWorld();
    slack = await goInSlack(world, policy('destructive'));
    alone = await goInSlack(world, policy('never'));
    stop = await world.inside.startBot();
    await loseNamespace(world);
  });
  afterAll(async () => {
    await slack.close();
    await alone.close();
    await world.close();
  });

  const runIn = ({ text }: { text: string }) => /^Run ([a-z0-9]{6}):/m.exec(text)?.[1] ?? text;
  const askAs = async (user: string, more = '') =>
    runIn(await slack.type(`restore namespace ${NAMESPACE}${more}`, user));

  test('whoever asked cannot approve, in the terminal or in Slack; the digest must be named', async () => {
    const run = await askAs(ALICE);
    const digest = await planOf(world, run);
    const own = 'You asked for this run: somebody else must approve it.';
    expect((await slack.type(`approve ${run} ${digest}`, ALICE)).text).toContain(own);
    expect((await slack.type(`approve ${run}`, BOB)).text).toContain(
      `Name the plan you have read: approve ${run} <plan>.`,
    );
    expect((await slack.type(`approve ${run} ffffffffffff`, BOB)).text).toContain(`is ${digest} now, not ffffffffffff`);
    await abort(world, run);

    const typed = runIn(await slack.typeAtTerminal(`restore namespace ${NAMESPACE}`));
    const other = await planOf(world, typed);
    expect((await slack.type(`approve ${typed} ${other}`, ALICE)).text).toContain(own);
    expect((await slack.typeAtTerminal(`approve ${typed} ${other}`)).text).toContain(
      'None of your groups may break the glass.',
    );
    await abort(world, typed);
    expect(world.writes()).toEqual([]);
  });

  test('where the policy never asks for a second person one is enough, except for a backup that lacks something', async () => {
    const run = await askAs(ALICE);
    const digest = await planOf(world, run);
    await stop();
    expect(await alone.type(`approve ${run} ${digest}`, ALICE)).toMatchObject({ ok: true });
    await alone.type(`abort ${run}`, ALICE);
    stop = await world.inside.startBot();
    await until(world, run, 'aborted');

    const partial = await askAs(ALICE, ' --allow-partially-failed');
    const { text } = await alone.type(`approve ${partial} ${await planOf(world, partial)}`, ALICE);
    expect(text).toContain('it may take a PartiallyFailed backup: somebody else must approve it, always.');
    await abort(world, partial);
    expect(world.writes()).toEqual([]);
  });

  test('user groups count only as Slack says now; while it does not say, nobody is in any', async () => {
    const run = await askAs(ALICE);
    const digest = await planOf(world, run);
    const unsaid = await slack.type(`approve ${run} ${digest}`, NEW);
    expect(unsaid.text).toContain('Slack did not say which user groups you are in.');
    const outside = await slack.type(`approve ${run} ${digest}`, NEW, ['S0OTHER']);
    expect(outside.text).toContain(`Next: Ask whoever keeps the policy file to add ${NEW} under "slack"`);
    expect((await slack.type(`status ${run}`, NEW, [])).text).toContain('No group of the policy knows this actor.');
    expect((await slack.type(`status ${run}`, NEW, [LEADS])).ok).toBe(true);
    expect(await world.events(run)).toEqual(['run.requested', 'run.planned']);
    await abort(world, run);
  });

  test('a plan is rejected, with the digest that was read; the record says by whom and why', async () => {
    const run = await askAs(ALICE);
    expect((await slack.type(`reject ${run}`, BOB)).text).toContain(`Run ${run} has no plan that waits for approval.`);
    const digest = await planOf(world, run);
    expect((await slack.type(`reject ${run} ffffffff`, BOB)).text).toContain(`is ${digest} now, not ffffffff`);
    const typed = `reject ${run} ${digest} --reason “2 h &gt; 1 h &amp;amp; so, <@${ALICE}|alice>”`;
    const { ok, text } = await slack.type(typed, BOB);
    expect({ ok, text }).toEqual({
      ok: true,
      text: `Run ${run} is rejected by <@${BOB}>: 2 h > 1 h &amp; so, <@${ALICE}>. It is over; nothing was changed.`,
    });
    expect((await slack.type(`status ${run}`, ALICE)).text).toContain(
      `REJECTED by <@${BOB}> (2 h > 1 h &amp; so, <@${ALICE}>); nothing was changed.`,
    );
    expect((await slack.type(`approve ${run} ${digest}`, BOB)).text).toContain(`it was rejected by <@${BOB}>.`);
    expect(await world.ledger.unfinished()).not.toContain(`run-${run}`);
  });

  test('rejected and approved in the same moment: one of them is recorded, the other hears which', async () => {
    const run = await askAs(ALICE);
    const digest = await planOf(world, run);
    const both = await Promise.all([
      slack.type(`reject ${run} ${digest} --reason “too old”`, BOB),
      slack.type(`approve ${run} ${digest}`, NEW, [LEADS]),
    ]);
    const [winner, loser] = both[0]?.ok === true ? both : both.toReversed();
    expect([winner?.ok, loser?.ok]).toEqual([true, false]);
    expect(loser?.text).toMatch(/is over: it was rejected by <@U0BOB>\.|is approved already, by <@U0NEWLEAD>\./);
    await until(world, run, both[0]?.ok === true ? 'rejected' : 'succeeded');
  });

  test('who may only ask cannot reject, and a requester is told to abort', async () => {
    const run = runIn(await slack.typeAtTerminal(`restore namespace ${NAMESPACE}`));
    const { text } = await slack.typeAtTerminal(`reject ${run}`);
    expect(text).toContain('The policy does not let engineers reject on sandbox/data-processing.');
    expect(text).toContain(`You asked for this run; take it back: dr abort ${run}`);
    await abort(world, run);
  });

  test('a double click approves once, and the restore runs once', async () => {
    await loseNamespace(world);
    const run = await askAs(ALICE);
    const digest = await planOf(world, run);
    const clicks = await Promise.all(['', '', ''].map(() => slack.type(`approve ${run} ${digest}`, BOB)));
    expect(clicks.filter(({ ok }) => ok)).toHaveLength(1);
    for (const { ok, text } of clicks) if (!ok) expect(text).toContain(`Run ${run} is approved already, by <@${BOB}>.`);
    await until(world, run, 'succeeded');
    expect((await world.events(run)).filter((type) => type === 'run.approved')).toHaveLength(1);
    expect(world.restores().filter((name) => name.includes(run))).toHaveLength(1);
  });

  // The last one: the cluster's own clock does not move with it.
  test('a click that comes late is refused before anybody has recorded that the plan expired', async () => {
    await loseNamespace(world);
    const run = await askAs(ALICE);
    const digest = await planOf(world, run);
    await stop();
    world.inside.clock.move(31 * MINUTE);
    for (const line of [`approve ${run} ${digest}`, `reject ${run} ${digest}`]) {
      const { ok, text } = await slack.type(line, BOB);
      expect({ ok, text }).toEqual({
        ok: false,
        text: expect.stringContaining('is older than 30 minutes: it expired'),
      });
    }
    expect(await world.events(run)).toEqual(['run.requested', 'run.planned']);
    stop = await world.inside.startBot();
    await until(world, run, 'expired');
  });
});
