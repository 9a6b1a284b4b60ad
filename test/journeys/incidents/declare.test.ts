import { describe, expect, test } from 'vitest';
import { untilReady } from '../slack/act.ts';
import { TIMEOUT } from '../slack/patience.ts';
import { canTravel, NAMESPACE } from '../world.ts';
import { inRealTime, openIncidentWorld } from './open-incidents.ts';
import { cardOf, declared, expectOnce, rangFor, saidOf, untilCard } from './see-incident.ts';
import { post, send } from './send-alerts.ts';

describe.skipIf(!canTravel)('an incident that an alert declares', TIMEOUT, () => {
  test('pages, opens its room and says in it how it stands', async () => {
    const world = inRealTime(await openIncidentWorld());
    try {
      world.startBot();
      await untilReady(world);
      const alert = { namespace: NAMESPACE, service: 'clickhouse', summary: 'ClickHouse does not answer' };
      await send(world, alert);
      const incident = await declared(world, NAMESPACE);
      await expectOnce(world, incident);
      expect(await rangFor(world, incident)).toEqual(['oncall triggered']);

      await untilCard(world, incident, /Newest usable backup of data-processing: daily-full-backup-/);
      await untilCard(world, incident, /it is with Olive On-call/);
      const room = cardOf(world, incident);
      for (const says of [
        /^Topic: SEV1 OPEN: ClickHouse does not answer \| 15 min are up at \d\d:\d\d UTC \| commander: nobody yet/m,
        /^Bookmark: Alert: DatabaseDown /m,
        /^Bookmark: PagerDuty incident \(https:/m,
        /== SEV1 OPEN: ClickHouse does not answer ==/,
        /Paging whoever is on call: paged by PagerDuty at .*; NOT acknowledged yet; it is with Olive On-call/,
        /On call: Olive On-call @oncall \(level 1\); Lee Lead @lead \(level 2\); Nico Night \(level 3\)/,
        /Nico Night could NOT be called into the room: nobody in Slack has their e-mail address/,
        /Alerts: 1 firing.*clickhouse 1 firing/,
        /\[1: Acknowledge\]/,
        /@oncall has joined the channel by invitation of @muster/,
      ])
        expect(room).toMatch(says);
      expect(world.slack.renderChannel('incidents')).toContain(`Room: #incident-${incident}`);

      // The same again is nothing new, as Alertmanager says it every few hours.
      const said = saidOf(world, incident).length;
      expect((await post(world, [alert])).status).toBe(202);
      await expectOnce(world, incident);
      expect(saidOf(world, incident)).toHaveLength(said);
    } finally {
      await world.close();
    }
  });
});
