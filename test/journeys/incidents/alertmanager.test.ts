import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { announceSkip } from '../../announce-skip.ts';
import { explainMissingPrograms } from '../../prometheus-tools.ts';
import { type, untilReady } from '../slack/act.ts';
import { PATIENCE_MS, TIMEOUT } from '../slack/patience.ts';
import { canTravel, eventually } from '../world.ts';
import { type IncidentWorld, openIncidentWorld } from './open-incidents.ts';
import { type Monitoring, startMonitoring } from './start-monitoring.ts';

const missing = explainMissingPrograms();
if (missing !== undefined) announceSkip('a real Prometheus and Alertmanager', missing);

const STORAGE = 'velero_backup_location_status_gauge{backup_location_name="default"}';
const RESTORES = 'velero_restore_failed_total{schedule=""}';
const UNAVAILABLE = 'Storage location default cannot be read';
const PROPOSAL =
  'All alerts are resolved. If it is over, resolve the incident; nothing does that by itself:* `/dr resolve`';
const now = () => Math.floor(Date.now() / 1_000);
/** A Velero whose backups are all well. */
const WELL = {
  ...{ [STORAGE]: 1, [RESTORES]: 0, velero_backup_total: 2 },
  'velero_backup_last_successful_timestamp{schedule="daily-full-backup"}': now(),
  'velero_backup_last_successful_timestamp{schedule="hourly-incremental"}': now(),
};

describe.skipIf(!canTravel || missing !== undefined)('Prometheus and Alertmanager, as they are', TIMEOUT, () => {
  let world: IncidentWorld;
  let monitoring: Monitoring | undefined;
  beforeAll(async () => {
    world = await openIncidentWorld();
    world.startBot();
    await untilReady(world);
    monitoring = await startMonitoring({
      ...{ bot: bot(), token: token(), samples: WELL },
      atOnce: ['BackupStorageUnavailable'],
    });
  });
  afterAll(async () => {
    await monitoring?.close();
    await world?.close();
  });

  const bot = () => `http://127.0.0.1:${world.sandbox.env['PORT']}`;
  const token = () => world.sandbox.env['ALERT_WEBHOOK_TOKEN'] ?? '';
  const watching = () => {
    if (monitoring === undefined) throw new Error('nothing is watched');
    return monitoring;
  };
  /** All there is of incidents, wherever somebody would see them. */
  const look = async () => ({
    incidents: await world.ledger.incidents(100),
    rooms: world.slack.channelNames().filter((name) => name.startsWith('incident-')),
    pages: world.pagerDuty.pages(),
  });
  const untilPaged = (title: string) =>
    eventually(
      `a page about "${title}"`,
      () => world.pagerDuty.pages().find((page) => page.title.includes(title)),
      PATIENCE_MS,
    );
  const untilRoomSays = (...texts: string[]) =>
    eventually(
      `a room that says ${texts.join(', ')}`,
      async () => {
        const { rooms } = await look();
        return rooms.find((room) => texts.every((text) => world.slack.renderChannel(room).includes(text)));
      },
      PATIENCE_MS,
    );

  test('a metric goes bad: an incident is declared, who is on call is paged, and its card shows the alert', async () => {
    expect(await look()).toEqual({ incidents: [], rooms: [], pages: [] });
    watching().measure({ [STORAGE]: 0 });
    expect(await untilPaged(UNAVAILABLE)).toMatchObject({ user: 'oncall', urgency: 'high', why: 'triggered' });
    await untilRoomSays('SEV1 OPEN', 'Alerts: 1 firing', 'BackupStorageUnavailable, firing since', UNAVAILABLE);
    const { incidents, rooms, pages } = await look();
    expect([incidents.length, rooms.length, pages.length]).toEqual([1, 1, 1]);
  });

  test('the metric heals: its card shows that, and proposes what a person decides', async () => {
    watching().measure({ [STORAGE]: 1 });
    const room = await untilRoomSays('Alerts: 1 resolved', 'BackupStorageUnavailable, resolved at', PROPOSAL);
    expect(world.slack.renderChannel(room)).toContain('SEV1 OPEN');
    expect(world.pagerDuty.incidents()).toMatchObject([{ status: 'triggered' }]);
    expect(await type(world, 'oncall', `resolve --incident ${room}`)).toContain('is resolved.');
    const isOver = () => world.pagerDuty.incidents()[0]?.['status'] === 'resolved' || undefined;
    await eventually('PagerDuty knows that it is over', isOver, PATIENCE_MS);
  });

  test('with a wrong bearer it is refused, and nothing comes of it; with the right one nothing was lost', async () => {
    const before = await look();
    watching().useToken('not-the-token');
    watching().measure({ [RESTORES]: 1 });
    await eventually('Alertmanager is refused again', async () => (await refusals(401)) >= 2 || undefined, PATIENCE_MS);
    expect(watching().log()).toContain('unexpected status code 401');
    expect(watching().alerts()).toContain('RestoreNotClean');
    expect(await look()).toEqual(before);

    watching().useToken(token());
    await untilPaged('A restore failed');
    await untilRoomSays('RestoreNotClean, firing since');
    expect((await look()).incidents).toHaveLength(before.incidents.length + 1);
  });

  test('while Redis is away it is not taken; once it is back nothing was lost', async () => {
    await world.redis.kill();
    watching().measure({
      [`velero_backup_location_status_gauge{backup_location_name="second",namespace="second"}`]: 0,
    });
    await eventually('Alertmanager is sent away', async () => (await refusals(503)) >= 1 || undefined, PATIENCE_MS);
    await world.redis.restart();
    await untilPaged('Storage location second cannot be read');
    const pages = world.pagerDuty.pages().map(({ title }) => title);
    expect(new Set(pages).size).toBe(pages.length);
  });

  test('what the guide says to try declares an incident that pages nobody', async () => {
    const { pages } = await look();
    watching().tryIt();
    const room = await untilRoomSays('SEV4 OPEN: Trying it', 'MusterTry, firing since');
    expect(await type(world, 'oncall', `resolve --incident ${room}`)).toContain('is resolved.');
    expect((await look()).pages).toEqual(pages);
  });

  async function refusals(status: number): Promise<number> {
    const answer = await fetch(`${bot()}/metrics`, { signal: AbortSignal.timeout(10_000) });
    const line = `muster_webhooks_refused_total{source="alertmanager",status="${status}"} `;
    const found = (await answer.text()).split('\n').find((it) => it.startsWith(line));
    return Number(found?.slice(line.length) ?? 0);
  }
});
