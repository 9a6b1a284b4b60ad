import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isIncidentEvent } from '../../../src/domain/incident-events.ts';
import { untilReady } from '../slack/act.ts';
import { PATIENCE_MS, TIMEOUT } from '../slack/patience.ts';
import { canTravel, eventually } from '../world.ts';
import { type IncidentWorld, openIncidentWorld } from './open-incidents.ts';

const MINUTE = 60_000;

describe.skipIf(!canTravel)('what is asked by a form', TIMEOUT, () => {
  let world: IncidentWorld;
  let incident = '';
  beforeAll(async () => {
    world = await openIncidentWorld();
    await world.inside.startBot();
    await untilReady(world);
  });
  afterAll(() => world.close());

  const incidents = () => world.ledger.incidents(100);
  const eventsOf = async (id: string) =>
    (await world.ledger.read(`incident-${id}`)).map(({ event }) => event).filter(isIncidentEvent);
  /** The form that somebody has before them, and what it says. */
  const shown = (user: string) => {
    const view = world.slack.views(user).at(-1);
    return { errors: view?.errors ?? {}, text: JSON.stringify(view?.view ?? '') };
  };
  const submit = (user: string, values: Record<string, string> = {}) =>
    world.slack.deliver.submitView({ user, values });
  /** In a channel that the bot is not in: a form needs no place in it. */
  const ask = (user: string, channel = 'random') => world.slack.deliver.command(user, channel, '/dr', 'declare');

  test('a declaration without a text, from where the bot is no member', async () => {
    expect(await ask('oncall')).toMatchObject({ status: 200, error: undefined });
    expect(shown('oncall').text).toContain('Declare an incident');
    expect(await incidents()).toEqual([]);
    await submit('oncall', { title: 'the shop "is" down & <slow>', severity: 'sev3', private: 'yes' });
    incident = /Incident (\d{8}-\d{6}) is declared/.exec(shown('oncall').text)?.[1] ?? '';
    expect(shown('oncall').text).toContain('sev3');
    const [declared] = await eventsOf(incident);
    expect(declared).toMatchObject({
      opening: {
        ...{ title: 'the shop "is" down & <slow>', severity: 'sev3', private: true },
        by: { kind: 'slack', user: world.slack.users.oncall },
        origin: { channel: world.slack.channels.random },
      },
    });
  });

  test('the same form delivered twice declares once', async () => {
    await ask('oncall');
    const sent = await submit('oncall', { title: 'twice' });
    const again = await world.slack.deliver.redeliver(sent.deliveryId);
    expect(again).toMatchObject({ status: 200 });
    expect(await incidents()).toHaveLength(2);
  });

  test('nobody whom the policy does not know gets a form', async () => {
    const delivery = await ask('stranger');
    expect(JSON.stringify(delivery.body)).toContain('No group of the policy knows this actor');
    expect(world.slack.views('stranger')).toEqual([]);
  });

  test('who may no longer do it is told so in the form, which stays', async () => {
    world.slack.people.setGroup('dr-leads', ['lead', 'stranger']);
    await ask('stranger');
    world.slack.people.setGroup('dr-leads', ['lead']);
    await submit('stranger', { title: 'not for me' });
    expect(Object.values(shown('stranger').errors).join()).toContain('No group of the policy knows this actor');
    expect(await incidents()).toHaveLength(2);
  });

  test('with Slack not opening it, it says what to type', async () => {
    world.slack.faults.add({ kind: 'error', error: 'expired_trigger_id', match: { method: 'views.open' }, times: 1 });
    const { body } = await ask('oncall');
    expect(JSON.stringify(body)).toContain('/dr declare');
  });

  test('with Redis away nothing is recorded; the same form is taken once it is back', async () => {
    await ask('lead');
    await world.redis.kill();
    await submit('lead', { title: 'the queue is stuck' });
    expect(Object.values(shown('lead').errors).join()).toContain('NOT recorded, nothing started');
    await world.redis.restart();
    await eventually(
      'it is taken',
      async () => {
        if (!shown('lead').text.includes('is declared')) await submit('lead', { title: 'the queue is stuck' });
        return shown('lead').text.includes('is declared') || undefined;
      },
      PATIENCE_MS,
    );
    expect(await incidents()).toHaveLength(3);
  });

  test('a status update that is due: Edit shows its draft, and posts what was made of it', async () => {
    world.inside.clock.move(15 * MINUTE + 1_000);
    const room = await eventually(
      'the reminder',
      () => world.slack.channelNames().find((name) => name === `incident-${incident}`),
      PATIENCE_MS,
    );
    const { ts } = await eventually(
      'its button',
      () => world.slack.pressable(room).findLast(({ label }) => label === 'Edit'),
      PATIENCE_MS,
    );
    await world.slack.deliver.click({ user: 'oncall', channel: room, ts, button: 'Edit' });
    await eventually('the form', () => shown('oncall').text.includes('Status update') || undefined, PATIENCE_MS);
    const [drafted] = (await eventsOf(incident)).filter((event) => event.type === 'slot.drafted');
    const field = world.slack.views('oncall').at(-1)?.view['blocks'];
    expect(JSON.stringify(field)).toContain(JSON.stringify(drafted?.text.split('\n')[0]).slice(1, -1));
    await submit('oncall', { text: 'Restored.\nNext: checks by 04:00' });
    const updates = (await eventsOf(incident)).filter((event) => event.type === 'update.posted');
    expect(updates).toMatchObject([{ slot: drafted?.slot, text: 'Restored.\nNext: checks by 04:00' }]);
  });
});
