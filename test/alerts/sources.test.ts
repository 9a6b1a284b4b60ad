import { describe, expect, test } from 'vitest';
import { Received } from '../../src/domain/alert.ts';
import {
  itemsOf,
  NOW,
  proofFor,
  recorded,
  refusalOf,
  SECRETS,
  sign,
  sourceOf,
  sources,
  webhookOf,
} from './webhooks.ts';

const BEARERS = ['alertmanager', 'generic'];

describe('who sent it', () => {
  test.each(BEARERS)('%s: the bearer token, and nothing else', (name) => {
    const { refuse } = sourceOf(name);
    const given = (authorization?: string) =>
      refuse(webhookOf('{}', authorization === undefined ? {} : { authorization }), SECRETS)?.status;
    expect(given(`Bearer ${SECRETS.bearer}`)).toBeUndefined();
    expect(given(`bearer ${SECRETS.bearer}`)).toBeUndefined();
    for (const wrong of [undefined, '', 'Bearer', 'Bearer ', 'Bearer wrong', `Basic ${SECRETS.bearer}`, SECRETS.bearer])
      expect([wrong, given(wrong)]).toEqual([wrong, 401]);
    expect(given(`Bearer ${SECRETS.bearer}x`)).toBe(401);
    for (const bearer of [undefined, ''])
      expect(refuse(webhookOf('{}', { authorization: 'Bearer ' }), { ...SECRETS, bearer })?.status).toBe(401);
  });

  test('pagerduty: one signature of several fits one secret of several', () => {
    const body = recorded('pagerduty-triggered');
    const given = (header: string | string[] | undefined, sent: Buffer = body, secrets = SECRETS) =>
      sourceOf('pagerduty').refuse(webhookOf(sent, { 'x-pagerduty-signature': header }), secrets)?.status;
    const other = sign(body, 'of somebody else');
    expect(given(sign(body))).toBeUndefined();
    expect(given(sign(body, 'old-secret'))).toBeUndefined();
    expect(given(`${other},${sign(body, 'old-secret')}`)).toBeUndefined();
    expect(given([other, sign(body)])).toBeUndefined();
    const nine = `${Array(9).fill(other).join(',')},${sign(body)}`;
    for (const wrong of [
      undefined,
      '',
      other,
      sign(body).slice(3),
      sign(body).slice(0, -1),
      `v0${sign(body).slice(2)}`,
      nine,
    ])
      expect([wrong, given(wrong)]).toEqual([wrong, 401]);
    expect(given(sign(body), Buffer.concat([body, Buffer.from(' ')]))).toBe(401);
    for (const pagerDuty of [undefined, '', ' , '])
      expect(given(sign(body, ''), body, { ...SECRETS, pagerDuty })).toBe(401);
  });
});

describe('alertmanager', () => {
  test('a recorded group', () => {
    const [entry, ...more] = itemsOf('alertmanager', recorded('alertmanager-firing'));
    expect(more).toEqual([]);
    expect(entry?.id).toBeUndefined();
    expect(entry?.item).toMatchObject({
      ...{ kind: 'alerts', at: NOW },
      alerts: [
        {
          ...{ source: 'alertmanager', fingerprint: 'bbf2c5a4ffa97b6b', status: 'firing', name: 'CheckoutDown' },
          ...{ summary: 'Checkout answers no request', groupKey: '{}:{namespace="shop"}' },
          startsAt: Date.parse('2026-11-26T17:41:58.123Z'),
          url: 'http://prometheus.example.com:9090/graph?g0.expr=up+%3D%3D+0',
          labels: { namespace: 'shop', severity: 'critical' },
        },
        { name: 'CheckoutSlow', summary: 'CheckoutSlow', startsAt: Date.parse('2026-11-26T17:42:03Z') },
      ],
    });
    expect(JSON.stringify(entry)).not.toContain('endsAt');
  });

  test('the same failure is the same when it is over', () => {
    const [fired] = alertsOf(itemsOf('alertmanager', recorded('alertmanager-firing')));
    const [over] = alertsOf(itemsOf('alertmanager', recorded('alertmanager-resolved')));
    expect(over).toEqual({ ...fired, status: 'resolved', endsAt: Date.parse('2026-11-26T18:01:58.123Z') });
  });

  test('thousands of alerts are many small entries, and none is lost', () => {
    const payload = JSON.parse(recorded('alertmanager-firing').toString());
    const alerts = Array.from({ length: 3_333 }, (_, at) => ({ ...payload.alerts[0], fingerprint: `f${at}` }));
    const items = itemsOf('alertmanager', JSON.stringify({ ...payload, alerts }));
    expect(alertsOf(items)).toHaveLength(3_333);
    expect(Math.max(...items.map(({ item }) => JSON.stringify(item).length))).toBeLessThan(64 * 1_024);
  });
});

function alertsOf(items: readonly { item: Received }[]) {
  return items.flatMap(({ item }) => (item.kind === 'alerts' ? item.alerts : (item.alert ?? [])));
}

describe('pagerduty', () => {
  test("one of PagerDuty's own incidents is an alert, too, that has paged", () => {
    const [entry] = itemsOf('pagerduty', recorded('pagerduty-triggered'));
    expect(entry).toMatchObject({
      id: 'pagerduty/01CAK3V5RZ0F2CVGZQ7Z0W4B1T',
      item: {
        kind: 'pager',
        notice: {
          ...{ type: 'incident.triggered', incident: 'PGR0VU2', status: 'triggered', assignees: ['User 123'] },
          occurredAt: Date.parse('2026-11-26T17:42:00.123Z'),
        },
        alert: {
          ...{ source: 'pagerduty', fingerprint: 'PGR0VU2', status: 'firing', name: 'A little bump in the road' },
          labels: { service: 'API Service', urgency: 'high', severity: 'high', priority: 'P1' },
          pager: { id: 'PGR0VU2', url: 'https://acme.pagerduty.com/incidents/PGR0VU2' },
        },
      },
    });
  });

  test('what is opened again fails anew, and says when it ended', () => {
    const sent = (type: string, status: string) =>
      alertsOf(
        itemsOf(
          'pagerduty',
          recorded('pagerduty-triggered')
            .toString()
            .replace('incident.triggered', type)
            .replace('"triggered"', `"${status}"`),
        ),
      )[0];
    const occurred = Date.parse('2026-11-26T17:42:00.123Z');
    const created = Date.parse('2026-11-26T17:41:59Z');
    expect(sent('incident.reopened', 'triggered')).toMatchObject({ status: 'firing', startsAt: occurred });
    expect(sent('incident.resolved', 'resolved')).toMatchObject({ startsAt: created, endsAt: occurred });
  });

  test('an event of one of our pages is a notice and no alert, and says who did it', () => {
    const [entry] = itemsOf('pagerduty', recorded('pagerduty-acknowledged-ours'));
    expect(entry?.item).toMatchObject({
      notice: { key: 'muster/0a1b2c3d/20261126-174158/1', status: 'acknowledged', by: 'User 123', incident: 'PT4KHLK' },
    });
    expect(entry?.item).not.toHaveProperty('alert');
  });

  test('a note names the incident it is about', () => {
    const [entry] = itemsOf('pagerduty', recorded('pagerduty-annotated'));
    expect(entry?.item).toMatchObject({
      notice: { incident: 'PT4KHLK', note: 'Failing over the database', type: 'incident.annotated' },
    });
  });

  test('a ping, and what is about no incident, is taken and is nothing', () => {
    expect(itemsOf('pagerduty', recorded('pagerduty-ping'))).toEqual([]);
  });

  test('what happened more than a day ago is a replay', () => {
    const old = recorded('pagerduty-triggered')
      .toString()
      .replace('2026-11-26T17:42:00.123Z', '2026-11-25T17:42:00.123Z');
    expect(refusalOf('pagerduty', old)).toBe(
      '400 event.occurred_at: it happened more than a day ago; such an event is not taken again.',
    );
  });
});

describe('generic', () => {
  test('a body as the guide has it', () => {
    const [entry] = itemsOf('generic', recorded('generic-firing'));
    expect(entry).toMatchObject({ id: 'generic/probe-7f3a/0', item: { alerts: [{ name: 'CheckoutDown' }] } });
  });

  test('without a fingerprint the name and the labels tell, in whatever order', () => {
    const made = (labels: object, name = 'a') =>
      alertsOf(
        itemsOf(
          'generic',
          JSON.stringify({ alerts: [{ status: 'firing', name, labels, startsAt: '2026-11-26T17:41:58Z' }] }),
        ),
      )[0]?.fingerprint;
    expect(made({ a: '1', b: '2' })).toBe(made({ b: '2', a: '1' }));
    expect(made({ a: '1' })).not.toBe(made({ a: '2' }));
    expect(made({ a: '1' }, 'b')).not.toBe(made({ a: '1' }));
  });
});

/** What is done to one field, where it stands, and how the refusal begins. */
const WRONG: [string, string, (string | number)[], unknown, string][] = [
  ['alertmanager', 'alertmanager-firing', ['version'], '5', 'version: '],
  ['alertmanager', 'alertmanager-firing', ['version'], undefined, 'version: "version" is missing'],
  ['alertmanager', 'alertmanager-firing', ['groupKey'], 7, 'groupKey: "groupKey" must be text, not the number 7'],
  ['alertmanager', 'alertmanager-firing', ['alerts'], {}, 'alerts: "alerts" must be a list, not a mapping'],
  ['alertmanager', 'alertmanager-firing', ['alerts', 1], null, 'alerts[1]: '],
  ['alertmanager', 'alertmanager-firing', ['alerts', 1, 'status'], 'firng', 'alerts[1].status: '],
  ['alertmanager', 'alertmanager-firing', ['alerts', 0, 'labels', 'severity'], 1, 'alerts[0].labels.severity: '],
  ['alertmanager', 'alertmanager-firing', ['alerts', 0, 'annotations'], 'x', 'alerts[0].annotations: '],
  [
    'alertmanager',
    'alertmanager-firing',
    ['alerts', 0, 'startsAt'],
    'now',
    'alerts[0].startsAt: "startsAt" must be a time',
  ],
  ['alertmanager', 'alertmanager-firing', ['alerts', 0, 'endsAt'], 5, 'alerts[0].endsAt: '],
  ['alertmanager', 'alertmanager-firing', ['alerts', 0, 'generatorURL'], [], 'alerts[0].generatorURL: '],
  ['alertmanager', 'alertmanager-firing', ['alerts', 0, 'fingerprint'], '', 'alerts[0].fingerprint: '],
  ['pagerduty', 'pagerduty-triggered', ['event'], [], 'event: '],
  ['pagerduty', 'pagerduty-triggered', ['event', 'id'], '', 'event.id: '],
  ['pagerduty', 'pagerduty-triggered', ['event', 'event_type'], 1, 'event.event_type: '],
  ['pagerduty', 'pagerduty-triggered', ['event', 'occurred_at'], 'soon', 'event.occurred_at: '],
  ['pagerduty', 'pagerduty-triggered', ['event', 'agent'], 'me', 'event.agent: '],
  ['pagerduty', 'pagerduty-triggered', ['event', 'data'], 'x', 'event.data: '],
  ['pagerduty', 'pagerduty-triggered', ['event', 'data', 'type'], 'other', 'event.data.incident: '],
  ['pagerduty', 'pagerduty-triggered', ['event', 'data', 'id'], undefined, 'event.data.id: '],
  ['pagerduty', 'pagerduty-triggered', ['event', 'data', 'status'], 'snoozed', 'event.data.status: '],
  ['pagerduty', 'pagerduty-triggered', ['event', 'data', 'incident_key'], {}, 'event.data.incident_key: '],
  ['pagerduty', 'pagerduty-triggered', ['event', 'data', 'created_at'], '1 May', 'event.data.created_at: '],
  ['pagerduty', 'pagerduty-triggered', ['event', 'data', 'assignees'], 'x', 'event.data.assignees: '],
  ['pagerduty', 'pagerduty-annotated', ['event', 'data', 'incident', 'id'], 9, 'event.data.incident.id: '],
  ['pagerduty', 'pagerduty-annotated', ['event', 'data', 'content'], {}, 'event.data.content: '],
  ['generic', 'generic-firing', ['id'], 1, 'id: '],
  ['generic', 'generic-firing', ['alerts'], [], 'alerts: '],
  ['generic', 'generic-firing', ['alrts'], [], 'alrts: unknown key "alrts"; did you mean "alerts"?'],
  ['generic', 'generic-firing', ['alerts', 0, 'fingerprnt'], 'x', 'alerts[0].fingerprnt: unknown key'],
  ['generic', 'generic-firing', ['alerts', 0, 'status'], 'on', 'alerts[0].status: '],
  ['generic', 'generic-firing', ['alerts', 0, 'name'], '', 'alerts[0].name: '],
  ['generic', 'generic-firing', ['alerts', 0, 'labels'], [], 'alerts[0].labels: '],
  ['generic', 'generic-firing', ['alerts', 0, 'startsAt'], undefined, 'alerts[0].startsAt: "startsAt" is missing'],
  ['generic', 'generic-firing', ['alerts', 0, 'endsAt'], 'x', 'alerts[0].endsAt: '],
  ['generic', 'generic-firing', ['alerts', 0, 'url'], 0, 'alerts[0].url: '],
];

function setAt(root: Record<string | number, unknown>, path: (string | number)[], value: unknown): void {
  const [first = '', ...rest] = path;
  if (rest.length === 0) root[first] = value;
  else setAt(root[first] as Record<string, unknown>, rest, value);
}

test.each(WRONG)('%s: %s with %j as %j is refused, and the place is named', (name, file, path, value, begins) => {
  const body = JSON.parse(recorded(file).toString());
  setAt(body, path, value);
  expect(refusalOf(name, JSON.stringify(body))).toContain(`400 ${begins}`);
});

test.each([...sources.keys()])('%s: what is no JSON, no object or no UTF-8 is refused', (name) => {
  expect(refusalOf(name, '')).toBe('400 The body is not JSON: it cannot be read from character 1 on.');
  expect(refusalOf(name, '{"a": 1,, }')).toBe('400 The body is not JSON: it cannot be read from character 9 on.');
  expect(refusalOf(name, Buffer.from([0x22, 0xff, 0x22]))).toBe('400 The body is not UTF-8 text.');
  for (const body of ['null', '[]', '7', '"x"', '{}', '['.repeat(100_000)])
    expect(refusalOf(name, body)).toMatch(/^400 ./);
});

test('what is kept is small and one line, whatever is sent', () => {
  const payload = JSON.parse(recorded('alertmanager-firing').toString());
  const labels = Object.fromEntries(
    Array.from({ length: 500 }, (_, at) => [`l${at}${'x'.repeat(500)}`, 'v\u202e\n'.repeat(9_999)]),
  );
  const alert = { ...payload.alerts[0], fingerprint: 'f'.repeat(9_999), generatorURL: 'javascript:alert(1)' };
  const annotations = { summary: `\u001b[2Jone\ntwo\ud800${'s'.repeat(99_999)}` };
  const [kept] = alertsOf(
    itemsOf(
      'alertmanager',
      JSON.stringify({ ...payload, alerts: [{ ...alert, annotations, labels: { ...labels, alertname: '\n' } }] }),
    ),
  );
  expect(JSON.stringify(kept).length).toBeLessThan(32 * 1_024);
  expect(kept?.summary).toMatch(/^\[2Jone two\ufffds+…$/);
  expect(kept).toMatchObject({ name: 'alert', fingerprint: expect.stringMatching(/^sha256-[0-9a-f]{64}$/) });
  expect(kept).not.toHaveProperty('url');
});

test('what a source makes can be read back from the inbox', () => {
  for (const [name, file] of [
    ['alertmanager', 'alertmanager-firing'],
    ['pagerduty', 'pagerduty-triggered'],
    ['generic', 'generic-firing'],
  ] as const)
    for (const { item } of itemsOf(name, recorded(file)))
      expect(Received.parse(JSON.parse(JSON.stringify(item)))).toEqual(item);
  expect(proofFor('generic', '')).toHaveProperty('authorization');
});
