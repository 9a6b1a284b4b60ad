import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Forgery, postSigned } from '../../../sandbox/slack/deliveries/post-signed.ts';
import type { JsonObject } from '../../../sandbox/slack/json.ts';
import { loseNamespace, until } from '../story.ts';
import { canTravel, NAMESPACE, pause } from '../world.ts';
import { askInSlack, buttonOf, heard, press, sendPress, type, untilReady } from './act.ts';
import { onlyOverHttp, openSlackWorld, type SlackWorld, WAYS } from './open-slack.ts';
import { PATIENCE_MS, TIMEOUT } from './patience.ts';
import { expectSaid, saidAbout, untilSaid } from './said.ts';

const MINUTE = 60_000;
const CHANNEL = 'incidents';

describe.skipIf(!canTravel).each(WAYS)(
  'who may come in from Slack, and what is taken once, over %s',
  TIMEOUT,
  (way) => {
    let world: SlackWorld;
    let run = '';
    beforeAll(async () => {
      world = await openSlackWorld({ way });
      await world.inside.startBot();
      await untilReady(world);
      await loseNamespace(world);
      run = await askInSlack(world);
      await untilSaid(world, run, 'plan');
    });
    afterAll(() => world.close());

    /** Nothing in the ledger, in the cluster or in the channel has moved. */
    async function nothingMoves(act: () => Promise<void>): Promise<void> {
      const look = async () => ({
        runs: await world.ledger.recent(100),
        events: await world.events(run),
        writes: world.writes(),
        messages: saidAbout(world, run),
      });
      const before = await look();
      await act();
      await pause(300);
      expect(await look()).toEqual(before);
    }

    /** The press of a button of the plan, as it is built on somebody's screen. */
    function pressOf(label: string, user: string): JsonObject {
      return world.slack.deliver.buildClick({ user, channel: CHANNEL, button: label });
    }

    onlyOverHttp(way, 'nobody but Slack can send over a web socket that the bot has opened', () => {
      test.each([
        ['another secret', { secret: 'not-the-secret' }],
        ['no signature', { unsigned: true }],
        ['six minutes old', { ageSeconds: 360 }],
      ])('forged, %s: 401, nothing is claimed or written', async (_name, forgery) => {
        await nothingMoves(async () => {
          const asked = await world.slack.deliver.command('oncall', CHANNEL, '/dr', 'runbooks');
          const { status, body } = await world.slack.deliver.forge(asked.deliveryId, forgery);
          expect({ status, body }).toEqual({ status: 401, body: '' });
          const click = await world.slack.deliver.payload({ ...pressOf('Details', 'oncall'), type: 'shortcut' });
          expect((await world.slack.deliver.forge(click.deliveryId, forgery)).status).toBe(401);
        });
      });

      test('a forgery does not use up the id: the true one is still taken', async () => {
        const { team, users, channels, signingSecret } = world.slack;
        const fields = {
          team_id: team.id,
          user_id: users.stranger,
          channel_id: channels.incidents,
          trigger_id: '1.2.three',
        };
        const body = new URLSearchParams({ ...fields, command: '/dr', text: 'help' }).toString();
        const send = (forgery: Forgery) =>
          postSigned({
            ...{ url: `http://127.0.0.1:${world.sandbox.env['PORT']}/slack/events`, signingSecret, body, forgery },
            ...{
              contentType: 'application/x-www-form-urlencoded',
              timeoutMs: 3_000,
              signal: new AbortController().signal,
            },
          });
        expect((await send({ unsigned: true })).status).toBe(401);
        expect((await send({ secret: 'another' })).status).toBe(401);
        expect((await send({})).text).toContain('restore namespace');
        expect(await send({})).toMatchObject({ status: 200, text: '' });
      });
    });

    test('a command that Slack delivers again: 200, no second answer, one run', async () => {
      const asked = await world.slack.deliver.command('oncall', CHANNEL, '/dr', `restore namespace ${NAMESPACE}`);
      expect(asked.status).toBe(200);
      const runs = await world.ledger.recent(100);
      for (let again = 0; again < 3; again += 1) {
        const { status, body } = await world.slack.deliver.redeliver(asked.deliveryId);
        expect({ status, body }).toEqual({ status: 200, body: '' });
      }
      expect(await world.ledger.recent(100)).toEqual(runs);
      const second = /Run ([a-z0-9]{6}):/.exec(heard(world, 'oncall').at(-1) ?? '')?.[1] ?? '';
      expect(runs).toContain(`run-${second}`);
      await untilSaid(world, second, 'plan');
      await press(world, 'oncall', 'Abort', second);
      await expectSaid(world, second, ['card', 'plan', 'end']);
    });

    test.each([
      ['stranger', 'No group of the policy knows this actor.'],
      ['dba', 'The policy does not let databases approve'],
      ['oncall', 'The policy does not let engineers approve'],
    ])('%s presses Approve: refused with a sentence', async (user, sentence) => {
      await nothingMoves(async () => {
        for (const label of ['Approve', 'Reject'])
          expect(await press(world, user, label, run)).toContain(
            label === 'Approve' ? sentence : sentence.slice(0, 20),
          );
      });
    });

    test('whoever asked does not approve it, by click or by command', async () => {
      const own = await askInSlack(world, { user: 'lead' });
      await untilSaid(world, own, 'plan');
      const said = 'You asked for this run: somebody else must approve it.';
      expect(await press(world, 'lead', 'Approve', own)).toContain(said);
      const { value = '' } = await buttonOf(world, 'Approve', own);
      expect(await type(world, 'lead', value)).toContain(said);
      expect(await world.events(own)).toEqual(['run.requested', 'run.planned']);
      await press(world, 'lead', 'Abort', own);
      await until(world, own, 'aborted', PATIENCE_MS);
    });

    test('in the user group at one click and out of it at the next: refused', async () => {
      const other = await askInSlack(world);
      await untilSaid(world, other, 'plan');
      world.slack.people.setGroup('dr-leads', ['lead', 'dba']);
      const wrong = pressOf('Approve', 'dba');
      const [action] = wrong['actions'] as JsonObject[];
      const stale = { ...wrong, actions: [{ ...action, value: `approve ${other} 0123456789abcdef` }] };
      expect(await sendPress(world, 'dba', stale)).toMatch(/The plan of run .* is .* now, not/);
      world.slack.people.setGroup('dr-leads', ['lead']);
      expect(await press(world, 'dba', 'Approve', other)).toContain('The policy does not let databases approve');
      expect(await world.events(other)).toEqual(['run.requested', 'run.planned']);
      const away = world.slack.faults.add({
        kind: 'error',
        error: 'internal_error',
        match: { method: 'usergroups.users.list' },
      });
      world.slack.people.setGroup('dr-leads', ['lead', 'dba']);
      expect(await press(world, 'dba', 'Approve', other)).toContain('Slack did not say which user groups you are in.');
      away();
      expect(await press(world, 'dba', 'Reject', other)).toContain(`Run ${other} is rejected`);
      await expectSaid(world, other, ['card', 'plan', 'end']);
      world.slack.people.setGroup('dr-leads', ['lead']);
    });

    const EDITED: [string, (run: string) => string][] = [
      ['another command', () => 'backup create velero'],
      ['options added', (id) => `abort ${id} --yes`],
      ['a chain', (id) => `approve ${id} 0123456789abcdef; abort ${id}`],
      ['no value', () => ''],
      ['upper case', (id) => `APPROVE ${id.toUpperCase()}`],
      ['a line break', (id) => `status ${id}\nabort ${id}`],
      ['a fullwidth space', (id) => `abort\u3000${id}`],
      ['very long', () => `abort ${'a'.repeat(100_000)} x`],
    ];
    test.each(EDITED)('a button edited on its way, %s: refused', async (_name, value) => {
      await nothingMoves(async () => {
        const built = pressOf('Approve', 'lead');
        const [action] = built['actions'] as JsonObject[];
        const answer = await sendPress(world, 'lead', { ...built, actions: [{ ...action, value: value(run) }] });
        expect(answer).toContain('This button is not one of ours, or was changed.');
      });
    });

    test('a button of another app, and of a run that nobody knows: refused', async () => {
      await nothingMoves(async () => {
        const built = pressOf('Approve', 'lead');
        const [action] = built['actions'] as JsonObject[];
        const foreign = { ...action, action_id: 'poll-vote', value: '{"vote":1}' };
        expect(await sendPress(world, 'lead', { ...built, actions: [foreign] })).toContain('not one of ours');
        const nobody = { ...action, value: 'approve zzzzzz 0123456789abcdef' };
        const again = pressOf('Approve', 'lead');
        expect(await sendPress(world, 'lead', { ...again, actions: [nobody] })).toMatch(/There is no run/);
      });
    });

    test('a double click, and the same click delivered again: approved once, one run, one Restore', async () => {
      const clicks = [pressOf('Approve', 'lead'), pressOf('Approve', 'lead')];
      const target = (await buttonOf(world, 'Approve', run)).value;
      expect(clicks.map((it) => (it['actions'] as JsonObject[])[0]?.['value'])).toEqual([target, target]);
      const sent = await Promise.all(clicks.map((click) => world.slack.deliver.payload(click)));
      const again = await Promise.all(sent.map(({ deliveryId }) => world.slack.deliver.redeliver(deliveryId)));
      expect([...sent, ...again].map(({ status }) => status)).toEqual([200, 200, 200, 200]);
      await until(world, run, 'succeeded', PATIENCE_MS);
      expect((await world.events(run)).filter((type) => type === 'run.approved')).toHaveLength(1);
      expect(world.restores()).toHaveLength(1);
      expect(heard(world, 'lead').filter((text) => text.includes('is approved already'))).toHaveLength(1);
      await expectSaid(world, run, ['card', 'plan', 'end']);
    });

    test('a click on a plan that is older than 30 minutes: refused, and then the buttons are gone', async () => {
      await loseNamespace(world);
      const late = await askInSlack(world);
      await untilSaid(world, late, 'plan');
      const kept = pressOf('Approve', 'lead');
      world.inside.clock.move(31 * MINUTE);
      expect(await sendPress(world, 'lead', kept)).toMatch(/it expired/);
      await until(world, late, 'expired', PATIENCE_MS);
      await expectSaid(world, late, ['card', 'plan', 'end']);
      const after = { ...kept, trigger_id: 'kept.for.later' };
      expect(await sendPress(world, 'lead', after)).toContain(`Run ${late} is over: it expired.`);
      world.inside.clock.reset();
    });

    test('events and shortcuts are taken, and begin nothing', async () => {
      await nothingMoves(async () => {
        const event = { type: 'app_mention', user: world.slack.users.lead, text: `restore namespace ${NAMESPACE}` };
        const attempts = await world.slack.deliver.event({
          ...event,
          channel: world.slack.channels.incidents,
          ts: '1.1',
        });
        expect(attempts.map(({ status }) => status)).toEqual([200]);
        const shortcut = await world.slack.deliver.shortcut({ user: 'lead', callbackId: 'restore' });
        expect(shortcut.status).toBe(200);
      });
    });

    onlyOverHttp(way, 'these are status codes of requests, which anybody can send', () => {
      test('too large: 413; of another type, or compressed: 415; not what Slack sends: 400', async () => {
        const url = `http://127.0.0.1:${world.sandbox.env['PORT']}/slack/events`;
        const send = async (headers: Record<string, string>, body: string) =>
          (await fetch(url, { method: 'POST', headers, body })).status;
        const form = 'application/x-www-form-urlencoded';
        await nothingMoves(async () => {
          expect(await send({ 'content-type': form }, `text=${'x'.repeat(1_100_000)}`)).toBe(413);
          expect(await send({ 'content-type': 'text/plain' }, 'text=help')).toBe(415);
          expect(await send({ 'content-type': form, 'content-encoding': 'gzip' }, 'text=help')).toBe(415);
          expect(await send({ 'content-type': form }, 'text=help')).toBe(401);
          expect((await world.slack.deliver.payload({ type: 'block_actions' })).status).toBe(400);
          expect((await fetch(url)).status).toBe(405);
        });
      });
    });
  },
);
