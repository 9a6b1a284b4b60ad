import { describe, expect, test } from 'vitest';
import { untilReady } from '../slack/act.ts';
import { canTravel, eventually } from '../world.ts';
import { openIncidentWorld } from './open-incidents.ts';

describe.skipIf(!canTravel)('an incident that an alert declares', () => {
  test('pages, opens its room and says in it how it stands', async () => {
    const world = await openIncidentWorld();
    try {
      const bot = world.startBot();
      await untilReady(world);
      const alert = {
        status: 'firing',
        labels: {
          alertname: 'ClickHouseDown',
          namespace: 'data-processing',
          severity: 'critical',
          service: 'clickhouse',
        },
        annotations: { summary: 'ClickHouse does not answer' },
        startsAt: new Date().toISOString(),
        endsAt: '0001-01-01T00:00:00Z',
        generatorURL: 'http://prom/graph?x',
        fingerprint: 'bbf2c5a4ffa97b6b',
      };
      const body = {
        receiver: 'muster',
        status: 'firing',
        alerts: [alert],
        groupLabels: {},
        commonLabels: alert.labels,
        commonAnnotations: {},
        externalURL: 'http://am',
        version: '4',
        groupKey: '{}:{alertname="ClickHouseDown"}',
        truncatedAlerts: 0,
      };
      const t0 = Date.now();
      const answer = await fetch(`http://127.0.0.1:${world.sandbox.env['PORT']}/webhooks/alertmanager`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${world.sandbox.env['ALERT_WEBHOOK_TOKEN']}`,
        },
        body: JSON.stringify(body),
      });
      console.log(answer.status, await answer.text(), Date.now() - t0);
      const room = await eventually('the room', () =>
        world.slack.channelNames().find((it) => it.startsWith('incident-')),
      );
      await new Promise((r) => setTimeout(r, 4000));
      console.log(world.slack.renderChannel(room));
      console.log(world.slack.renderChannel('incidents'));
      console.log(world.pagerDuty.pages());
      console.log(
        world.slack
          .calls()
          .map((c) => `${c.at - t0} ${c.method} ${c.answer}`)
          .join('\n'),
      );
      console.log(
        world.pagerDuty
          .calls()
          .map((c: any) => `${c.at - t0} ${c.method} ${c.path} ${c.status}`)
          .join('\n'),
      );
      console.log(bot.log?.().slice(0, 3000));
      expect(room).toBeDefined();
    } finally {
      await world.close();
    }
  });
});
