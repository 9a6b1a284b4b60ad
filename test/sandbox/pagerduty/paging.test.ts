import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type SandboxPagerDuty, startPagerDuty } from '../../../sandbox/pagerduty/start-pagerduty.ts';
import { startSlack } from '../../../sandbox/slack/start-slack.ts';
import { ask, open, put, rang, still } from './bench.ts';

const MINUTE = 60_000;
let pagerDuty: SandboxPagerDuty;
beforeEach(async () => {
  pagerDuty = await startPagerDuty(still);
});
afterEach(() => pagerDuty.close());

const pass = (minutes: number) => pagerDuty.clock.advance(minutes * MINUTE);

describe('escalation', () => {
  test('from level to level by the clock, once more from the start, then no further', async () => {
    const started = pagerDuty.clock.now();
    await open(pagerDuty);
    pass(4);
    expect(rang(pagerDuty)).toEqual(['oncall triggered']);
    pass(1);
    expect(rang(pagerDuty)).toEqual(['oncall triggered', 'lead escalated']);
    pass(600);
    expect(rang(pagerDuty)).toEqual([
      'oncall triggered',
      ...['lead', 'night', 'oncall', 'lead', 'night'].map((user) => `${user} escalated`),
    ]);
    expect(pagerDuty.pages().map(({ at }) => (at - started) / MINUTE)).toEqual([0, 5, 10, 15, 20, 25]);
  });

  test('never after it is acknowledged or resolved, from either side', async () => {
    const [one, other] = [await open(pagerDuty), await open(pagerDuty)];
    pagerDuty.people.acknowledge('oncall', one);
    await put(pagerDuty, other, { status: 'resolved' });
    pass(600);
    expect(rang(pagerDuty)).toEqual(['oncall triggered', 'oncall triggered']);
    expect(pagerDuty.incident(one)).toMatchObject({
      acknowledgements: [{ acknowledger: { id: pagerDuty.users.oncall } }],
    });
  });

  test('low urgency pages once; what is assigned to a person stays with them', async () => {
    await open(pagerDuty, { urgency: 'low' });
    await open(pagerDuty, { assignments: [{ assignee: { id: pagerDuty.users.dba, type: 'user_reference' } }] });
    pass(600);
    expect(rang(pagerDuty)).toEqual(['oncall triggered', 'dba triggered']);
    expect(pagerDuty.pages()).toMatchObject([{ urgency: 'low' }, { urgency: 'high' }]);
  });

  test('a level at which nobody is on call is passed over', async () => {
    pagerDuty.people.setOnCall(pagerDuty.schedules.primary, []);
    await open(pagerDuty);
    expect(rang(pagerDuty)).toEqual(['lead triggered']);
  });

  test('real time counts too', async () => {
    const fast = await startPagerDuty();
    await open(fast);
    fast.clock.advance(5 * MINUTE - 50);
    await expect.poll(() => rang(fast), { timeout: 10_000 }).toEqual(['oncall triggered', 'lead escalated']);
    await fast.close();
  });
});

describe('what people do', () => {
  test('escalate, reassign: what was acknowledged rings again', async () => {
    const id = await open(pagerDuty);
    pagerDuty.people.acknowledge('oncall', id);
    pagerDuty.people.escalate('oncall', id);
    expect(pagerDuty.incident(id)).toMatchObject({ status: 'triggered' });
    pagerDuty.people.reassign('lead', id, 'dba');
    expect(rang(pagerDuty)).toEqual(['oncall triggered', 'lead escalated', 'dba reassigned']);
    expect(() => pagerDuty.people.escalate('lead', id, 9)).toThrow('Cannot Escalate');
  });

  test('snooze: quiet until it ends', async () => {
    const id = await open(pagerDuty, { incident_key: 'a' });
    expect(() => pagerDuty.people.snooze('oncall', id, 60)).toThrow('Incident is not Acknowledged');
    pagerDuty.people.acknowledge('oncall', 'a');
    pagerDuty.people.snooze('oncall', 1, 3_600);
    pass(59);
    expect(rang(pagerDuty)).toEqual(['oncall triggered']);
    pass(1);
    expect(rang(pagerDuty)).toEqual(['oncall triggered', 'oncall unacknowledged']);
    expect(pagerDuty.incident(id)).toMatchObject({ status: 'triggered' });
  });

  test('trigger, note, resolve, reopen', async () => {
    const id = pagerDuty.people.trigger('lead', { title: 'By hand', key: 'a' });
    pagerDuty.people.note('lead', id, 'Looking');
    pagerDuty.people.resolve('lead', id);
    pagerDuty.people.reopen('dba', id);
    expect(rang(pagerDuty)).toEqual(['oncall triggered', 'oncall reopened']);
    expect(() => pagerDuty.people.note('nobody', id, 'a')).toThrow('nobody called nobody');
    expect(() => pagerDuty.people.resolve('lead', 'QNONE')).toThrow('no incident QNONE');
  });

  test('an acknowledgement that does not last', async () => {
    const strict = await startPagerDuty({ ...still, acknowledgementTimeout: 1_800 });
    const id = await open(strict);
    strict.people.acknowledge('oncall', id);
    strict.clock.advance(30 * MINUTE);
    expect(rang(strict)).toEqual(['oncall triggered', 'oncall unacknowledged']);
    await strict.close();
  });
});

describe('who is on call', () => {
  const onCalls = async (query: string) => {
    const { body } = await ask(pagerDuty, `GET /oncalls?${query}`);
    return body['oncalls'] as { escalation_level: number; user: Record<string, unknown>; start: unknown }[];
  };

  test('by policy, person and level; for ever is null', async () => {
    const { policies, users } = pagerDuty;
    const production = await onCalls(`escalation_policy_ids[]=${policies.production}`);
    expect(production).toMatchObject([
      { escalation_level: 1, user: { id: users.oncall }, schedule: { summary: 'Primary on-call' } },
      { escalation_level: 2, user: { id: users.lead }, schedule: null, start: null, end: null },
      { escalation_level: 3, user: { id: users.night }, schedule: null },
    ]);
    expect(await onCalls(`user_ids[]=${users.dba}`)).toHaveLength(1);
    const [shown] = await onCalls(`user_ids[]=${users.lead}&include[]=users`);
    expect(shown?.user).toMatchObject({ type: 'user', email: 'lead@sandbox.example' });
  });

  test('the coming weeks, or the earliest turn of each', async () => {
    pagerDuty.people.setOnCall(pagerDuty.schedules.primary, ['oncall', 'dba']);
    const query = `schedule_ids[]=${pagerDuty.schedules.primary}&until=2026-12-24T00:00:00Z`;
    expect(await onCalls(query)).toHaveLength(5);
    expect(await onCalls(`${query}&earliest=true`)).toHaveLength(2);
  });

  test('the people have the addresses of the people of the sandbox’s Slack, but for one', async () => {
    const slack = await startSlack();
    const { body } = await ask(pagerDuty, 'GET /users');
    const unknown: string[] = [];
    for (const { email } of body['users'] as { email: string }[]) {
      const headers = { authorization: `Bearer ${slack.botToken}` };
      const found = await fetch(`${slack.url}users.lookupByEmail?email=${encodeURIComponent(email)}`, { headers });
      if (((await found.json()) as { ok: boolean }).ok !== true) unknown.push(email);
    }
    await slack.close();
    // The last one is the bot, which Slack finds by no address.
    expect(unknown).toEqual(['nico@agency.example', 'muster@sandbox.example']);
  });

  test('a person with their telephone, a service with its policy', async () => {
    const { users, serviceId } = pagerDuty;
    const found = await ask(pagerDuty, 'GET /users?query=olive&include[]=contact_methods');
    expect(found.body['users']).toMatchObject([{ id: users.oncall, contact_methods: [{}, { address: '2025550100' }] }]);
    expect((await ask(pagerDuty, 'GET /users/PNONE')).status).toBe(404);
    expect((await ask(pagerDuty, 'GET /users?include[]=everything')).status).toBe(400);
    const status = async () => (await ask(pagerDuty, `GET /services/${serviceId}`)).body['service'];
    expect(await status()).toMatchObject({
      status: 'active',
      escalation_policy: { id: pagerDuty.policies.production },
    });
    const id = await open(pagerDuty);
    expect(await status()).toMatchObject({ status: 'critical' });
    pagerDuty.people.acknowledge('oncall', id);
    expect(await status()).toMatchObject({ status: 'warning' });
  });
});
