import { describe, expect, test } from 'vitest';
import { buildPayload } from '../../../sandbox/alertmanager/build-payload.ts';
import { rulesFor, sendAlerts } from '../../../sandbox/alertmanager/send-alerts.ts';
import { untilReady } from '../slack/act.ts';
import { PATIENCE_MS, TIMEOUT } from '../slack/patience.ts';
import { canTravel, eventually, NAMESPACE } from '../world.ts';
import { openIncidentWorld } from './open-incidents.ts';

describe.skipIf(!canTravel)('an incident that an alert declares', TIMEOUT, () => {
  test('pages once, opens its room and says in it how it stands; what is sent again changes nothing', async () => {
    const world = await openIncidentWorld();
    const { slack, pagerDuty, sandbox } = world;
    try {
      world.startBot();
      await untilReady(world);
      const payload = buildPayload(rulesFor(NAMESPACE, Date.now()), NAMESPACE);
      expect(await sendAlerts(sandbox.env, payload)).toEqual({ status: 202, text: 'taken' });
      expect(await sendAlerts(sandbox.env, payload)).toMatchObject({ status: 202 });
      const rooms = () => slack.channelNames().filter((it) => it.startsWith('incident-'));
      const room = await eventually('the room', () => rooms()[0], PATIENCE_MS);
      const says = (text: RegExp) =>
        eventually(`${text}`, () => text.exec(slack.renderChannel(room))?.[0], PATIENCE_MS);
      await says(/Alerts: 2 firing \(clickhouse 1 firing; data-processing 1 firing\)/);
      await says(/paged by PagerDuty at [\d:]+ UTC; NOT acknowledged yet; it is with Olive On-call/);
      await says(/On call: Olive On-call @oncall \(level 1\)/);
      await says(/Newest usable backup of data-processing: daily-full-backup-/);
      await says(/@oncall has joined the channel/);
      await eventually(
        'the announcement names the room',
        () => slack.renderChannel('incidents').includes(`Room: #${room}`) || undefined,
        PATIENCE_MS,
      );
      expect(pagerDuty.pages().map(({ user }) => user)).toEqual(['oncall']);
      expect(rooms()).toEqual([room]);
    } finally {
      await world.close();
    }
  });
});
