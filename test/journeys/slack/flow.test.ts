import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { approve, ask, loseNamespace, planOf, restoreOf, until, untilPhase } from '../story.ts';
import { canTravel, eventually, NAMESPACE } from '../world.ts';
import { askInSlack, LATE, press, sendPress, type, untilReady } from './act.ts';
import { openSlackWorld, type SlackWorld, WAYS } from './open-slack.ts';
import { PATIENCE_MS, TIMEOUT } from './patience.ts';
import { expectSaid, saidAbout, untilSaid } from './said.ts';

const MINUTE = 60_000;

describe.skipIf(!canTravel).each(WAYS)('the main job and its other ends, in Slack, over %s', TIMEOUT, (way) => {
  let world: SlackWorld;
  beforeAll(async () => {
    world = await openSlackWorld({ way });
    await world.inside.startBot();
    await untilReady(world);
    await loseNamespace(world);
  });
  afterEach(() => {
    world.inside.clock.reset();
    delete world.sandbox.cluster.velero.faults.stuckIn;
  });
  afterAll(() => world.close());

  test('asked, read, approved by a click, restored, verified: card, plan and report, each once', async () => {
    const run = await askInSlack(world);
    const plan = await untilSaid(world, run, 'plan');
    expect(plan.text).toContain(`<@${world.slack.users.lead}>`);
    expect(plan.buttons.map((line) => line.split(' ')[0])).toEqual(['approve', 'reject']);
    expect(await press(world, 'lead', 'Approve', run)).toContain(`Approval of run ${run}`);
    await until(world, run, 'succeeded', PATIENCE_MS);
    const [card, decided, end] = await expectSaid(world, run, ['card', 'plan', 'end']);
    expect(card?.text).toContain('RECOVERED and verified');
    expect(decided?.text).toMatch(/Approved by/i);
    expect(end?.text).toContain('RECOVERED and verified');
    expect(world.restores()).toEqual([restoreOf(run)]);
  });

  test('rejected by a click: nothing is changed, the buttons go, the end says by whom', async () => {
    await loseNamespace(world);
    const before = world.writes().length;
    const run = await askInSlack(world);
    expect(await press(world, 'lead', 'Reject', run)).toContain(`Run ${run} is rejected`);
    const [, plan, end] = await expectSaid(world, run, ['card', 'plan', 'end']);
    expect(plan?.text).toContain(`Rejected by <@${world.slack.users.lead}>`);
    expect(end?.text).toContain('REJECTED');
    expect(world.writes()).toHaveLength(before);
  });

  test('aborted by a click while Velero restores: said, with what is left running', async () => {
    await loseNamespace(world);
    world.sandbox.cluster.velero.faults.stuckIn = 'InProgress';
    const run = await askInSlack(world);
    await press(world, 'lead', 'Approve', run);
    await untilPhase(world, run, 'InProgress', PATIENCE_MS);
    expect(await press(world, 'oncall', 'Abort', run)).toContain(run);
    await until(world, run, 'aborted', PATIENCE_MS);
    const said = await expectSaid(world, run, ['card', 'plan', 'end']);
    expect(said.at(-1)?.text).toContain('ABORTED');
    expect(said.at(-1)?.text).toContain(restoreOf(run));
    delete world.sandbox.cluster.velero.faults.stuckIn;
    await untilPhase(world, run, 'Completed', PATIENCE_MS);
  });

  test('parked: whoever asked is called, and Retry lets it go on', async () => {
    await loseNamespace(world);
    world.sandbox.cluster.velero.faults.stuckIn = 'New';
    const run = await askInSlack(world);
    await press(world, 'lead', 'Approve', run);
    await eventually('the Restore is there', () => world.restores().includes(restoreOf(run)) || undefined);
    world.inside.clock.move(3 * MINUTE);
    const parked = await untilSaid(world, run, 'parked');
    expect(parked.text).toContain(`<@${world.slack.users.oncall}>`);
    expect(parked.buttons).toEqual([`retry ${run}`, `abort ${run}`]);
    delete world.sandbox.cluster.velero.faults.stuckIn;
    await untilPhase(world, run, 'Completed', PATIENCE_MS);
    expect(await press(world, 'oncall', 'Retry', run)).toContain(`Run ${run} goes on`);
    await until(world, run, 'succeeded', PATIENCE_MS);
    await expectSaid(world, run, ['card', 'plan', 'parked', 'end']);
    expect(world.restores().filter((name) => name.includes(run))).toHaveLength(1);
  });

  test('parked and aborted: the message says so, and its buttons go', async () => {
    await loseNamespace(world);
    world.sandbox.cluster.velero.faults.stuckIn = 'New';
    const run = await askInSlack(world);
    await press(world, 'lead', 'Approve', run);
    await eventually('the Restore is there', () => world.restores().includes(restoreOf(run)) || undefined);
    world.inside.clock.move(3 * MINUTE);
    await untilSaid(world, run, 'parked');
    expect(await press(world, 'oncall', 'Abort', run)).not.toContain(':warning:');
    const said = await expectSaid(world, run, ['card', 'plan', 'parked', 'end']);
    expect(said[2]?.text).toContain('was parked and is no more');
    delete world.sandbox.cluster.velero.faults.stuckIn;
    await untilPhase(world, run, 'Completed', PATIENCE_MS);
  });

  test('the facts changed after the approval: the old plan says VOID, a new one asks', async () => {
    await loseNamespace(world);
    const run = await askInSlack(world);
    const old = await untilSaid(world, run, 'plan');
    const kept = world.slack.deliver.buildClick({ user: 'lead', channel: 'incidents', ts: old.ts, button: 'Approve' });
    const { store } = world.sandbox.cluster;
    const { plan } = await until(world, run, 'waiting for approval');
    const backup = plan?.parts.find(({ step }) => step === 'restore')?.facts['backup'] as { name: string };
    const held = store.get('backups.velero.io', 'velero', backup.name);
    store.remove('backups.velero.io', 'velero', backup.name);
    await eventually('gone', () => store.get('backups.velero.io', 'velero', backup.name) === undefined || undefined);
    await press(world, 'lead', 'Approve', run);
    await untilSaid(world, run, 'parked', /facts changed/);
    await press(world, 'oncall', 'Retry', run);
    await until(world, run, 'waiting for approval');
    const fresh = await eventually('a second plan', () =>
      saidAbout(world, run).find(
        ({ kind, key, buttons }) => kind === 'plan' && key !== old.key && buttons.length === 2,
      ),
    );
    expect(fresh.buttons[0]).not.toBe(old.buttons[0]);
    const shown = await eventually('VOID', () =>
      saidAbout(world, run).find(({ key, text }) => key === old.key && text.includes('VOID')),
    );
    expect(shown.buttons).toEqual([]);
    const stale = await sendPress(world, 'lead', { ...kept, trigger_id: 'from.an.old.screen' });
    expect(stale).toContain(`The plan of run ${run} is ${fresh.buttons[0]?.split(' ')[2]?.slice(0, 8)}`);
    expect((await world.events(run)).filter((type) => type === 'run.approved')).toHaveLength(1);
    // It had begun: there is nothing to reject any more, only something to stop.
    expect(fresh.buttons[1]).toBe(`abort ${run}`);
    expect(await press(world, 'lead', 'Abort', run)).not.toContain(':warning:');
    await expectSaid(world, run, ['card', 'plan', 'parked', 'plan', 'end']);
    if (held !== undefined) store.create('backups.velero.io', held);
  });

  test('asked in the terminal, its card is in #incidents; the glass that is broken there is announced', async () => {
    await loseNamespace(world);
    const run = await ask(world);
    const digest = await planOf(world, run);
    expect((await untilSaid(world, run, 'card')).channel).toBe('incidents');
    await untilSaid(world, run, 'plan');
    expect((await approve(world, run, digest)).code).toBe(0);
    await until(world, run, 'succeeded', PATIENCE_MS);
    const said = await expectSaid(world, run, ['card', 'plan', 'glass', 'end']);
    expect(said[2]?.text).toContain(`BREAK-GLASS: run ${run} was approved without a second person`);
  });

  test('a secret of the bot that somebody types does not come back in any answer or message', async () => {
    await loseNamespace(world);
    const { botToken, signingSecret, appToken } = world.slack;
    // Each way in has its own secret, and the bot knows no other.
    const secret = way === 'HTTP' ? signingSecret : appToken;
    const refused = await type(world, 'oncall', `restore namespace ${botToken} --from ${secret}`);
    expect(refused).toContain(':warning:');
    const run = await askInSlack(world);
    await untilSaid(world, run, 'plan');
    const digest = await planOf(world, run);
    expect(await type(world, 'lead', `reject ${run} ${digest} --reason "${botToken} ${secret}"`)).toContain(run);
    const said = await expectSaid(world, run, ['card', 'plan', 'end']);
    const all = [refused, ...said.map(({ text }) => text)].join('\n');
    expect(all).toContain('[redacted]');
    expect([botToken, secret].filter((it) => all.includes(it))).toEqual([]);
  });

  test('nobody answers: reminded once after 2 minutes, expired after 30, and the buttons go', async () => {
    await loseNamespace(world);
    const before = world.writes().length;
    const run = await askInSlack(world);
    await untilSaid(world, run, 'plan');
    world.inside.clock.move(2 * MINUTE);
    const reminder = await untilSaid(world, run, 'reminder');
    expect(reminder.text).toContain(`<@${world.slack.users.lead}>`);
    world.inside.clock.move(10 * MINUTE);
    world.inside.clock.move(19 * MINUTE);
    await until(world, run, 'expired', PATIENCE_MS);
    const said = await expectSaid(world, run, ['card', 'plan', 'reminder', 'end']);
    expect(said[1]?.text).toMatch(/EXPIRED/);
    expect(world.writes()).toHaveLength(before);
    const { text } = said[1] ?? { text: '' };
    expect(text).toContain('nobody approved');
  });

  test('help, runs, status and a dry run answer the one who asked; slowly, by the response URL', async () => {
    await loseNamespace(world);
    const before = await world.ledger.recent(100);
    expect(await type(world, 'stranger', 'help')).toContain('restore namespace');
    expect(await type(world, 'oncall', 'runs')).toContain(NAMESPACE);
    const newest = before[0]?.replace('run-', '');
    expect(await type(world, 'oncall', `status ${newest}`)).toContain(`Run ${newest}: `);
    const late = () => world.slack.ephemerals('oncall').filter(({ message }) => message.text === LATE).length;
    const lateBefore = late();
    world.sandbox.cluster.api.faults.add({ kind: 'slow', ms: 3_500, times: 1, match: { verb: 'list' } });
    const dry = await type(world, 'oncall', `restore namespace ${NAMESPACE} --dry-run`);
    expect(dry).toContain('Dry run: nothing was recorded or changed.');
    expect(late()).toBe(lateBefore + 1);
    expect(await world.ledger.recent(100)).toEqual(before);
  });
});
