import { describe, expect, test } from 'vitest';
import { createPager } from '../../src/adapters/pagerduty.ts';
import { asked, never, order, rang, usePagerDuty } from './pagerduty-bench.ts';

const bench = usePagerDuty();

describe('trigger', () => {
  test('pages whoever is on call for the service, in the name of Muster', async () => {
    const { there, pager } = bench;
    const paged = await pager.trigger(order({ url: 'https://sandbox.slack.com/archives/C1' }), never);
    expect(paged).toEqual({ id: expect.any(String), status: 'triggered', url: expect.stringContaining(paged.id) });
    expect(rang(bench)).toEqual(['oncall triggered']);
    expect(there.calls()).toMatchObject([
      {
        headers: { from: there.fromEmail },
        request: {
          incident: {
            ...{ title: 'ClickHouse is gone', urgency: 'high', incident_key: 'muster/incident-1' },
            body: {
              details: 'https://sandbox.slack.com/archives/C1\n\n3 alerts of clickhouse in data-processing',
            },
          },
        },
      },
    ]);
  });

  test('twice is once, also once it is acknowledged', async () => {
    const { there, pager } = bench;
    const first = await pager.trigger(order(), never);
    expect(await pager.trigger(order(), never)).toEqual(first);
    there.people.acknowledge('oncall', first.id);
    expect(await pager.trigger(order(), never)).toEqual({ ...first, status: 'acknowledged' });
    expect(rang(bench)).toEqual(['oncall triggered']);
  });

  test('after one that is resolved it makes another', async () => {
    const { there, pager } = bench;
    const first = await pager.trigger(order(), never);
    there.people.resolve('oncall', first.id);
    const second = await pager.trigger(order(), never);
    expect(second.id).not.toBe(first.id);
    expect(await pager.find(order().key, never)).toEqual(second);
  });

  test('finds what an event of that key has made', async () => {
    const { pager, events } = bench;
    await events.send('trigger', order(), never);
    expect(await pager.trigger(order(), never)).toMatchObject({ status: 'triggered' });
    expect(rang(bench)).toEqual(['oncall triggered']);
  });

  test('a person, or a policy', async () => {
    const { there, pager } = bench;
    await pager.trigger(order({ to: { id: there.users.lead, kind: 'user' } }), never);
    await pager.trigger(order({ key: 'b', to: { id: there.policies.databases, kind: 'escalation_policy' } }), never);
    expect(rang(bench)).toEqual(['lead triggered', 'dba triggered']);
  });

  test('titles and details beyond all limits are cut', async () => {
    const { there, pager } = bench;
    await pager.trigger(order({ title: 'x'.repeat(5_000), details: 'y'.repeat(50_000) }), never);
    expect(JSON.stringify(there.calls()[0]?.request).length).toBeLessThan(12_000);
  });
});

describe('find', () => {
  test('the newest of its key, open or not, of whatever age; undefined where there is none', async () => {
    const { there, pager } = bench;
    expect(await pager.find('muster/incident-1', never)).toBeUndefined();
    const { id } = await pager.trigger(order(), never);
    there.people.resolve('oncall', id);
    there.clock.advance(60 * 86_400_000);
    expect(await pager.find('muster/incident-1', never)).toMatchObject({ id, status: 'resolved' });
  });

  test('without a key it asks nothing: PagerDuty would answer any incident', async () => {
    await expect(bench.pager.find('', never)).rejects.toMatchObject({ code: 'PAGER_REFUSED' });
    expect(asked(bench)).toEqual([]);
  });
});

describe('change', () => {
  const open = async () => (await bench.pager.trigger(order(), never)).id;
  const wrote = () => asked(bench).filter((it) => !it.startsWith('GET'));

  test('acknowledges and resolves in the name of whoever does it, each once', async () => {
    const { there, pager } = bench;
    const id = await open();
    const by = 'lead@sandbox.example';
    await pager.change(id, { status: 'acknowledged' }, by, never);
    await pager.change(id, { status: 'acknowledged' }, by, never);
    expect(there.incident(id)).toMatchObject({
      status: 'acknowledged',
      acknowledgements: [{ acknowledger: { id: there.users.lead } }],
    });
    await pager.change(id, { status: 'resolved' }, by, never);
    await pager.change(id, { status: 'resolved' }, by, never);
    expect(there.incident(id)).toMatchObject({ status: 'resolved' });
    expect(wrote()).toEqual(['POST /incidents', 'PUT /incidents/{id}', 'PUT /incidents/{id}']);
  });

  test('an acknowledgement that comes late opens nothing again', async () => {
    const { there, pager } = bench;
    const id = await open();
    there.people.resolve('oncall', id);
    await pager.change(id, { status: 'acknowledged' }, undefined, never);
    expect(there.incident(id)).toMatchObject({ status: 'resolved' });
  });

  test('somebody resolves it between the look and the change', async () => {
    const { there, pager } = bench;
    const id = await open();
    there.onCall(({ operation, phase }) => {
      if (operation.startsWith('PUT') && phase === 'before') there.people.resolve('oncall', id);
    });
    await pager.change(id, { status: 'resolved' }, undefined, never);
    expect(there.incident(id)).toMatchObject({ status: 'resolved' });
  });

  test('whom PagerDuty does not know acts in the name of Muster', async () => {
    const { there, pager } = bench;
    const id = await open();
    await pager.change(id, { note: 'looking' }, 'nobody@sandbox.example', never);
    const notes = there.calls().slice(1);
    expect(notes.map(({ headers: { from }, status }) => [from, status])).toEqual([
      ['nobody@sandbox.example', 400],
      [there.fromEmail, 200],
    ]);
  });

  test.each(['jürgen@sandbox.example', 'a b@sandbox.example', 'x\r\nX-Evil: 1@y', 'nobody', '<a>@b'])(
    'an address that is none is not sent on: %j',
    async (by) => {
      const { there, pager } = bench;
      await pager.change(await open(), { note: 'looking' }, by, never);
      const last = there.calls().at(-1);
      expect([last?.headers.from, last?.status]).toEqual([there.fromEmail, 200]);
    },
  );

  test('escalates by one level at a time, and says where there is none above', async () => {
    const { pager } = bench;
    const id = await open();
    await pager.change(id, { status: 'acknowledged' }, 'oncall@sandbox.example', never);
    await pager.change(id, { escalate: true }, undefined, never);
    await pager.change(id, { escalate: true }, undefined, never);
    expect(rang(bench)).toEqual(['oncall triggered', 'lead escalated', 'night escalated']);
    await expect(pager.change(id, { escalate: true }, undefined, never)).rejects.toMatchObject({
      code: 'PAGER_REFUSED',
      message: 'Nobody is on call above those who have been paged.',
    });
  });

  test('what one person had alone is escalated to the first level', async () => {
    const { there, pager } = bench;
    const { id } = await pager.trigger(order({ to: { id: there.users.dba, kind: 'user' } }), never);
    await pager.change(id, { escalate: true }, undefined, never);
    expect(rang(bench)).toEqual(['dba triggered', 'oncall escalated']);
  });

  test('gives it to a person once, or to a policy', async () => {
    const { there, pager } = bench;
    const id = await open();
    const dba = { reassign: { id: there.users.dba, kind: 'user' } } as const;
    await pager.change(id, dba, undefined, never);
    await pager.change(id, dba, undefined, never);
    await pager.change(
      id,
      { reassign: { id: there.policies.production, kind: 'escalation_policy' } },
      undefined,
      never,
    );
    expect(rang(bench)).toEqual(['oncall triggered', 'dba reassigned', 'oncall reassigned']);
  });

  test('an incident that is not there is refused', async () => {
    const change = bench.pager.change('PNOTHERE', { status: 'resolved' }, undefined, never);
    await expect(change).rejects.toMatchObject({
      code: 'PAGER_REFUSED',
      message: expect.stringContaining('Not Found'),
    });
  });
});

describe('people', () => {
  test('who is on call, by level, with their addresses; each once', async () => {
    const { there, pager } = bench;
    expect(await pager.onCall(undefined, never)).toEqual([
      { id: there.users.oncall, name: 'Olive On-call', email: 'oncall@sandbox.example', level: 1 },
      { id: there.users.lead, name: 'Lee Lead', email: 'lead@sandbox.example', level: 2 },
      { id: there.users.night, name: 'Nico Night', email: 'nico@agency.example', level: 3 },
    ]);
    expect(await pager.onCall(there.policies.databases, never)).toMatchObject([{ name: 'Dana Database', level: 1 }]);
    there.people.setOnCall(there.schedules.primary, []);
    expect(await pager.onCall(undefined, never)).toMatchObject([{ level: 2 }, { level: 3 }]);
  });

  test.each([
    ['an id', 'PDBA001', ['Dana Database']],
    ['a policy by id', 'PEPDATA', ['Databases']],
    ['an address', 'DBA@sandbox.example', ['Dana Database']],
    ['a name', 'lee lead', ['Lee Lead']],
    ['a policy by name', 'production', ['Production']],
    ['a part that several have', 'database', ['Dana Database', 'Databases']],
    ['nobody', 'zed', []],
    ['an id that is nobody', 'PZZZZZZ', []],
    ['nothing', ' ', []],
  ])('%s', async (_what, who, names) => {
    expect((await bench.pager.search(who, never)).map(({ name }) => name)).toEqual(names);
  });
});

test('a token that was revoked', async () => {
  const { there, pager } = bench;
  there.revokeToken();
  await expect(pager.trigger(order(), never)).rejects.toMatchObject({
    code: 'PAGER_REFUSED',
    retryable: true,
    message: 'PagerDuty refused the token (HTTP 401).',
  });
});

test('a service that is not there is refused in PagerDuty words', async () => {
  const { there } = bench;
  const elsewhere = { token: there.token, apiUrl: `${there.url}/`, serviceId: 'PNONE', from: there.fromEmail };
  await expect(createPager(elsewhere).trigger(order(), never)).rejects.toMatchObject({
    code: 'PAGER_REFUSED',
    message: expect.stringMatching(/^PagerDuty refused POST \/incidents \(HTTP 4\d\d\): /),
  });
});
