import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type, untilReady } from '../slack/act.ts';
import { PATIENCE_MS } from '../slack/patience.ts';
import { canTravel, eventually } from '../world.ts';
import { type IncidentWorld, openIncidentWorld } from './open-incidents.ts';

describe.skipIf(!canTravel)('people are paged by commands', () => {
  let world: IncidentWorld;
  let incident: string;
  beforeAll(async () => {
    world = await openIncidentWorld();
    world.startBot();
    await untilReady(world);
    const text = await type(world, 'oncall', 'declare ClickHouse is down --severity sev1');
    incident = /Incident (\d{8}-\d{6}) is declared/.exec(text)?.[1] ?? '';
    await rang('oncall', 1);
  });
  afterAll(() => world.close());

  const ringsOf = (user: string) => world.pagerDuty.pages().filter((page) => page.user === user);

  async function rang(user: string, times: number): Promise<void> {
    await eventually(`${user} is paged`, () => ringsOf(user).length >= times || undefined, PATIENCE_MS);
  }

  async function untilThere(user: string, status: string): Promise<void> {
    const id = ringsOf(user)[0]?.incident ?? '';
    const isSo = () => world.pagerDuty.incident(id)['status'] === status || undefined;
    await eventually(`what ${user} was paged for is ${status}`, isSo, PATIENCE_MS);
  }

  test('somebody is paged beside those on call, by their mention in Slack, once', async () => {
    expect(await type(world, 'oncall', 'page @dba the restore hangs')).toContain(
      `Recorded: Dana Database is being paged about incident ${incident}; whether it worked: dr status ${incident}`,
    );
    await rang('dba', 1);
    expect(await type(world, 'oncall', 'page "Dana Database"')).toContain('and has not answered yet');
    expect(await type(world, 'oncall', 'page data')).toContain('PEPDATA Databases (policy)');
    expect(await type(world, 'oncall', 'page @stranger')).toContain('Nobody was paged.');
    expect(ringsOf('dba')).toHaveLength(1);
  });

  test('whoever takes the incident takes no page from whom it is meant for', async () => {
    const text = await type(world, 'lead', 'ack');
    expect(text).toContain('page 1 (on call): acknowledged by');
    expect(text).toContain(`Nobody has acknowledged page 2 (Dana Database) yet: dr ack ${incident} --page 2`);
    await untilThere('oncall', 'acknowledged');
    await untilThere('dba', 'triggered');
    const own = await type(world, 'dba', 'ack');
    expect(own).toContain(`<@${world.slack.users.lead}> has it, since `);
    expect(own).toContain('Your own page 2 (Dana Database): acknowledged.');
    await untilThere('dba', 'acknowledged');
  });

  test('the level above that of whoever has it is paged', async () => {
    expect(await type(world, 'oncall', `escalate ${incident}`)).toContain('PagerDuty is told to page the next level.');
    await rang('night', 1);
    expect(ringsOf('lead')).toEqual([]);
  });

  test('a note is in PagerDuty too', async () => {
    expect(await type(world, 'lead', 'note the disk is full')).toContain('Noted');
    const wasAsked = () => world.pagerDuty.calls().some(({ operation }) => operation === 'POST /incidents/{id}/notes');
    await eventually('the note', () => wasAsked() || undefined, PATIENCE_MS);
  });

  test('what is resolved here is resolved there', async () => {
    await type(world, 'lead', 'resolve the backup is restored');
    await untilThere('oncall', 'resolved');
    await untilThere('dba', 'resolved');
    expect(await type(world, 'lead', `escalate ${incident}`)).toContain('is resolved already');
  });
});
