import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Alert, PagerNotice } from '../../src/domain/alert.ts';
import type { IncidentView } from '../../src/domain/incident.ts';
import { pageKeyAt } from '../../src/domain/incident-pages.ts';
import { announceSkip } from '../announce-skip.ts';
import { hasRedisServer } from '../redis.ts';
import { alertOf, dyingLedger, GROUPING_MS, type InboxWorld, openInbox, over } from './inbox-world.ts';

const real = hasRedisServer();
if (!real) announceSkip('test/engine/drain-inbox.test.ts', 'no redis-server on the PATH');

const BY = { kind: 'slack', user: 'U0LEAD001' } as const;
const inNamespace = (namespace: string, more: Partial<Alert> = {}) =>
  alertOf({ labels: { severity: 'critical', cluster: 'prod', namespace }, ...more });
const statuses = ({ state }: IncidentView) => [...state.failures.values()].map(({ status }) => status);

describe.skipIf(!real)('the inbox is drained', () => {
  let world: InboxWorld;
  beforeAll(async () => {
    world = await openInbox();
  });
  beforeEach(() => world.reset());
  afterAll(() => world.close());

  const resolve = (view: IncidentView) => world.change(view, { type: 'incident.resolved', by: BY });
  async function incidentsAfter(...alerts: Alert[]): Promise<IncidentView[]> {
    await world.receive(alerts);
    await world.drain();
    return world.incidents();
  }

  test('an alert declares what its labels say, and asks for a look at it', async () => {
    const [incident, ...more] = await incidentsAfter(alertOf());
    expect(more).toEqual([]);
    expect(incident?.state.opening).toMatchObject({
      ...{ incident: '20261126-174200', title: 'Checkout answers no request', severity: 'sev1', service: 'checkout' },
      ...{ target: { cluster: 'prod', namespace: 'shop' }, page: {}, private: false, invite: [], tell: [] },
      by: { kind: 'alert', source: 'alertmanager', route: 'default' },
      domain: 'default/cluster=prod/namespace=shop',
    });
    expect(statuses(incident as IncidentView)).toEqual(['firing']);
    expect(world.woken).toContain('incident-20261126-174200');
    expect(world.counted).toEqual({ declared: 1, unheard: 0 });
  });

  test('many at once: the worst of them gives the title, and they are counted and one event', async () => {
    const low = alertOf({ summary: 'slow', labels: { severity: 'warning', cluster: 'prod', namespace: 'shop' } });
    const [incident] = await incidentsAfter(low, alertOf(), alertOf(), low);
    expect(incident?.state.opening).toMatchObject({
      ...{ title: 'Checkout answers no request (and 2 more alerts)', severity: 'sev1' },
    });
    expect(incident?.entries.map(({ event }) => event.type)).toEqual(['incident.declared', 'incident.alerts-recorded']);
    expect(incident?.state.failures.size).toBe(3);
  });

  test('a thousand in one delivery are events of a bounded size', async () => {
    const [incident] = await incidentsAfter(...Array.from({ length: 1_000 }, () => alertOf()));
    const sizes = incident?.entries.map(({ event }) => ('alerts' in event ? event.alerts.length : 0)) ?? [];
    expect(sizes.reduce((sum, size) => sum + size)).toBe(1_000);
    expect(Math.max(...sizes)).toBe(100);
  });

  test.each([
    ['within the grouping time', () => alertOf(), GROUPING_MS, 1],
    ['after it', () => alertOf(), GROUPING_MS + 1_000, 2],
    ['after it, of the same thing', () => alertOf({ fingerprint: 'same', startsAt: 7 }), GROUPING_MS * 50, 1],
    ['after it, of the same group', () => alertOf({ groupKey: 'g' }), GROUPING_MS * 50, 1],
    ['of another namespace', () => inNamespace('other'), 0, 2],
  ])('an alert %s of one that is over', async (_what, next, later, incidents) => {
    const first = alertOf({ fingerprint: 'same', groupKey: 'g' });
    await incidentsAfter(first, over(first));
    world.now += later;
    const found = await incidentsAfter(next());
    expect(found).toHaveLength(incidents);
  });

  test('while something fires, what comes after hours belongs to it', async () => {
    await incidentsAfter(alertOf());
    world.now += GROUPING_MS * 50;
    const found = await incidentsAfter(alertOf());
    expect(found.map(statuses)).toEqual([['firing', 'firing']]);
  });

  test('a resolved incident gets no new alerts; the end of an old one goes where it is known', async () => {
    const first = alertOf();
    const [one] = await incidentsAfter(first);
    await resolve(one as IncidentView);
    const found = await incidentsAfter(alertOf(), over(first), first, first);
    expect(found.map(statuses)).toEqual([['resolved'], ['firing']]);
    expect(found[1]?.state.opening.follows).toBe(found[0]?.state.opening.incident);
    // Three back, over two that know nothing of it.
    await resolve(found[1] as IncidentView);
    const [, second] = found;
    const third = await incidentsAfter(alertOf());
    expect(third.map(statuses)).toEqual([['resolved'], ['firing'], ['firing']]);
    const late = [...(second?.state.failures.values() ?? [])][0] as Alert;
    expect((await incidentsAfter(over(late))).map(statuses)).toEqual([['resolved'], ['resolved'], ['firing']]);
  });

  test('a known failure that is told again opens nothing, also when its incident is resolved', async () => {
    const alert = alertOf();
    const [one] = await incidentsAfter(alert);
    await resolve(one as IncidentView);
    expect((await incidentsAfter(alert)).map(statuses)).toEqual([['firing']]);
    expect((await incidentsAfter(over(alert), alert)).map(statuses)).toEqual([['resolved']]);
  });

  test('what is said to fire long after its incident was resolved declares anew, and is known there then', async () => {
    const alert = alertOf();
    const [one] = await incidentsAfter(alert);
    await resolve(one as IncidentView);
    world.now += GROUPING_MS;
    expect(await incidentsAfter(alert)).toHaveLength(1);
    world.now += 1_000;
    const found = await incidentsAfter(alert, alert);
    expect(found.map(statuses)).toEqual([['firing'], ['firing']]);
    expect(found[1]?.state.opening.follows).toBe(found[0]?.state.opening.incident);
    expect((await incidentsAfter(alert, over(alert))).map(statuses)).toEqual([['firing'], ['resolved']]);
  });

  test('a worse alert raises what it joins, and pages where nobody was paged; people are not overruled by the same again', async () => {
    const withSeverity = (severity: string) => alertOf({ labels: { severity, cluster: 'prod', namespace: 'shop' } });
    const [low] = (await incidentsAfter(withSeverity('warning'))) as [IncidentView];
    expect([low.state.severity, low.state.pages.size]).toEqual(['sev3', 0]);
    const [high] = (await incidentsAfter(withSeverity('critical'), withSeverity('warning'))) as [IncidentView];
    expect([high.state.severity, high.state.page, [...high.state.pages.keys()]]).toEqual(['sev1', {}, ['page:1']]);
    await world.change(high, { type: 'severity.changed', severity: 'sev4', by: BY });
    const [after, ...more] = (await incidentsAfter(withSeverity('critical'))) as [IncidentView];
    expect([after.state.severity, after.state.pages.size, more]).toEqual(['sev4', 1, []]);
  });

  test('the end of a failure ends what began earlier with its fingerprint, and nothing that began later', async () => {
    const began = (startsAt: number) => alertOf({ fingerprint: 'same', startsAt });
    const ended = (startsAt: number, endsAt: number): Alert => ({ ...over(began(startsAt)), endsAt });
    await incidentsAfter(began(1_000), began(2_000), began(9_000));
    expect((await incidentsAfter(ended(2_000, 3_000))).map(statuses)).toEqual([['resolved', 'resolved', 'firing']]);
    expect((await incidentsAfter(ended(2_000, 3_000), ended(5_000, 9_500))).map(statuses)).toEqual([
      ['resolved', 'resolved', 'resolved'],
    ]);
  });

  test('what declares nothing belongs to what is open, else to nothing', async () => {
    const info = alertOf({ labels: { severity: 'info', cluster: 'prod', namespace: 'shop' } });
    expect(await incidentsAfter(info, over(info), over(alertOf()))).toEqual([]);
    expect(world.counted.unheard).toBe(3);
    const found = await incidentsAfter(alertOf(), alertOf({ labels: info.labels }));
    expect(found.map(statuses)).toEqual([['firing', 'firing']]);
  });

  test('an end that comes before its beginning: nothing is declared, nothing fires for ever', async () => {
    const alert = alertOf();
    expect(await incidentsAfter(over(alert))).toEqual([]);
    expect(await incidentsAfter(alert)).toEqual([]);
    expect((await incidentsAfter(alertOf(), alert)).map(statuses)).toEqual([['firing', 'resolved']]);
  });

  test('the end of a failure finds its incident though the routing has changed meanwhile', async () => {
    const alert = alertOf();
    await incidentsAfter(alert);
    const { Routing } = await import('../../src/domain/routing.ts');
    world.routing = Routing.parse({ routes: [{ name: 'shop', match: { namespace: 'shop' } }] });
    expect((await incidentsAfter(over(alert))).map(statuses)).toEqual([['resolved']]);
  });

  test('what a newer version received parks the inbox; what came before is taken', async () => {
    await world.receive([alertOf()]);
    await world.receiveItem({ kind: 'of-tomorrow', at: 1 } as never);
    await world.receive([inNamespace('other')]);
    await expect(world.drain()).rejects.toMatchObject({ code: 'INBOX_NEWER' });
    await expect(world.drain()).rejects.toMatchObject({ code: 'INBOX_NEWER' });
    expect(await world.incidents()).toHaveLength(1);
    expect(await world.ledger.countReceived()).toBe(2);
  });

  test('somebody writes to the incident in between: the alerts are decided anew, and written', async () => {
    const [incident] = (await incidentsAfter(alertOf())) as [IncidentView];
    await world.receive([alertOf(), alertOf()]);
    let disturbed = 0;
    const append: typeof world.ledger.append = async (request) => {
      disturbed += 1;
      if (disturbed < 4) await world.change(incident, { type: 'note.added', text: 'looking', by: BY });
      return world.ledger.append(request);
    };
    await world.drain({ ...world.ledger, append });
    const [after] = (await world.incidents()) as [IncidentView];
    expect([disturbed, after.state.notes.length, after.state.failures.size]).toEqual([4, 3, 3]);
    // Resolved in that very moment: what is new declares.
    await world.receive([alertOf()]);
    const resolving: typeof world.ledger.append = async (request) => {
      if (request.event.type === 'incident.alerts-recorded' && request.stream === incident.stream)
        await resolve(incident);
      return world.ledger.append(request);
    };
    await world.drain({ ...world.ledger, append: resolving });
    expect((await world.incidents()).map((view) => view.state.failures.size)).toEqual([3, 1]);
  });

  test('one that is told to stop takes nothing more', async () => {
    await world.receive([alertOf()]);
    await world.drain(world.ledger, AbortSignal.abort());
    expect(await world.ledger.countReceived()).toBe(1);
  });

  test.each([false, true])(
    'killed at every call (after it took effect: %s), resolved meanwhile, drained again: nothing lost, nothing twice',
    async (after) => {
      for (let dies = 1, done = false; !done; dies += 1) {
        await world.reset();
        const [old, first, second] = [alertOf(), alertOf(), alertOf()];
        const [before] = await incidentsAfter(old);
        await resolve(before as IncidentView);
        await world.receive([first, over(old)]);
        await world.receive([second, first]);
        const dying = dyingLedger(world.ledger, dies, after);
        done = await world.drain(dying.ledger).then(
          () => true,
          () => false,
        );
        for (const view of await world.incidents()) if (view.state.resolvedAt === undefined) await resolve(view);
        // As a sender repeats itself, but not so late that it would be a failure that burns on.
        world.now += GROUPING_MS;
        await world.receive([first, second]);
        await world.drain();
        const found = await world.incidents();
        expect([dies, found.map(statuses)]).toEqual([dies, [['resolved'], ['firing', 'firing']]]);
      }
    },
  );

  describe("PagerDuty's notices", () => {
    let events = 0;
    const noticeOf = (more: Partial<PagerNotice>): PagerNotice => {
      events += 1;
      const type = `incident.${more.status ?? 'triggered'}`;
      return {
        id: `E${events}`,
        type,
        occurredAt: world.now,
        incident: 'PINC1',
        assignees: [],
        status: 'triggered',
        ...more,
      };
    };
    const ownAlert = (status: Alert['status'] = 'firing') =>
      alertOf({ ...{ source: 'pagerduty', fingerprint: 'PINC1', startsAt: 5, status }, pager: { id: 'PINC1' } });
    const take = async (notice: PagerNotice, alert?: Alert) => {
      await world.receiveItem({ kind: 'pager', at: world.now, notice, ...(alert === undefined ? {} : { alert }) });
      await world.drain();
      return world.incidents();
    };

    test('about a page of ours: by its key, once, also when the incident is over', async () => {
      const [incident] = (await incidentsAfter(alertOf())) as [IncidentView];
      const key = pageKeyAt(incident.state.opening, 'page:1');
      await resolve(incident);
      await world.change(incident, { type: 'incident.ended' });
      const notice = noticeOf({ status: 'acknowledged', key, by: 'Lead' });
      await take(notice);
      const [found] = await take(notice);
      expect(found?.state.pages.get('page:1')).toMatchObject({ status: 'acknowledged', acknowledged: { by: 'Lead' } });
      expect(found?.entries.filter(({ event }) => event.type === 'incident.pager-noticed')).toHaveLength(1);
      expect(await world.ledger.openIncidents()).toEqual([]);
    });

    test('what our second way has made is a page of ours, though it has no key', async () => {
      const [incident] = (await incidentsAfter(alertOf())) as [IncidentView];
      const named = incident.state.opening.incident;
      const begun = [{ key: 'page-by-event:1', attempt: 1 }];
      await world.change(incident, { type: 'effects.begun', effects: begun, worker: 'w' });
      await take(noticeOf({ named }), ownAlert());
      const found = await take(noticeOf({ named, status: 'acknowledged', by: 'Lead' }), ownAlert());
      expect(found).toHaveLength(1);
      expect(found[0]?.state.pages.get('page:1')).toMatchObject({ pager: { id: 'PINC1' }, status: 'acknowledged' });
    });

    test.each([
      ['was never taken', []],
      ['made another of its incidents', [{ key: 'page-by-event:1', attempt: 1 }]],
    ])('a title that names an incident of ours is an alert where the second way %s', async (_what, begun) => {
      const [incident] = (await incidentsAfter(alertOf())) as [IncidentView];
      const named = incident.state.opening.incident;
      if (begun.length > 0) {
        await world.change(incident, { type: 'effects.begun', effects: begun, worker: 'w' });
        await take(noticeOf({ named, incident: 'POTHER' }), ownAlert());
      }
      const [found] = await take(noticeOf({ named }), ownAlert());
      expect(found?.state.failures.size).toBe(2);
      expect(found?.state.pages.get('page:1')?.pager?.id).not.toBe('PINC1');
    });

    test('one of its own incidents that triggers declares, is not paged again, and is followed by its id', async () => {
      const [found] = await take(noticeOf({}), ownAlert());
      expect(found?.state.opening).toMatchObject({ paged: { id: 'PINC1' }, by: { source: 'pagerduty' } });
      expect(found?.state.opening).not.toHaveProperty('page');
      await take(noticeOf({ status: 'acknowledged', by: 'Lead' }), ownAlert());
      const { status: _untold, ...note } = noticeOf({ type: 'incident.annotated', note: 'on it' });
      const [after] = await take(note);
      expect(after?.state.pages.get('page:1')?.acknowledged?.by).toBe('Lead');
      expect(after?.state.pages.get('page:1')?.notices.has(note.id)).toBe(true);
      const [over, ...more] = await take(noticeOf({ status: 'resolved' }), ownAlert('resolved'));
      expect(more).toEqual([]);
      expect([...(over?.state.failures.values() ?? [])].map(({ status }) => status)).toEqual(['resolved']);
      expect(over?.state.pages.get('page:1')?.status).toBe('resolved');
    });

    test('one of its own that is opened again after all was over is another incident, and ends', async () => {
      const [first] = (await take(noticeOf({}), ownAlert())) as [IncidentView];
      await take(noticeOf({ status: 'resolved' }), { ...ownAlert('resolved'), endsAt: world.now });
      await resolve(first);
      world.now += 60_000;
      await take(noticeOf({ type: 'incident.reopened' }), { ...ownAlert(), startsAt: world.now });
      expect((await world.incidents()).map(statuses)).toEqual([['resolved'], ['firing']]);
      world.now += 60_000;
      await take(noticeOf({ status: 'resolved' }), { ...ownAlert('resolved'), endsAt: world.now });
      expect((await world.incidents()).map(statuses)).toEqual([['resolved'], ['resolved']]);
    });

    test('what nobody knows declares only where it triggers', async () => {
      expect(await take(noticeOf({ status: 'acknowledged' }), ownAlert())).toEqual([]);
      expect(await take(noticeOf({ status: 'resolved' }), ownAlert('resolved'))).toEqual([]);
      expect(await take(noticeOf({ key: 'muster/another1/20261126-174200/1' }))).toEqual([]);
      expect(await take(noticeOf({ key: 'muster/x' }))).toEqual([]);
    });
  });
});
