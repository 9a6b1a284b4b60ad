import { describe, expect, test } from 'vitest';
import type { IncidentEventDraft, Opening } from '../../src/domain/incident-events.ts';
import { listLoudPlaces } from '../../src/domain/incident-room.ts';
import { nextForIncident } from '../../src/domain/next-for-incident.ts';
import { begun, DECLARED_AT, done, incidentAfter, ONCALL, ROOM_OPEN, SETTINGS } from './incident-fixture.ts';

const MINUTE = 60_000;

function keysAt(
  drafts: readonly (IncidentEventDraft & { at?: number })[],
  {
    now = DECLARED_AT + 10_000,
    opening = {},
    settings = {},
  }: { now?: number; opening?: Partial<Opening>; settings?: object } = {},
): string[] {
  return nextForIncident(incidentAfter(drafts, opening), now, { ...SETTINGS, ...settings }).wanted.map(
    ({ key }) => key,
  );
}

describe('paging', () => {
  test('comes first, and waits for nothing', () => {
    expect(keysAt([])).toEqual(['page:1', 'find-on-call', 'open-room', 'announce']);
  });

  test('whom Slack could not be asked about is asked about again, by another effect', () => {
    const found = (more: object) =>
      keysAt([
        begun('find-on-call'),
        done('find-on-call', { responders: [{ name: 'Olive', pager: 'P1', level: 1, ...more }] }),
      ]);
    expect(found({ unmatched: true })).toEqual(['page:1', 'match-on-call', 'open-room', 'announce']);
    expect(found({})).toEqual(['page:1', 'open-room', 'announce']);
    const matched = [
      ...[...ROOM_OPEN, begun('find-on-call', 'match-on-call')],
      done('find-on-call', { responders: [{ name: 'Olive', pager: 'P1', level: 1, unmatched: true }] }),
      done('match-on-call', { responders: [{ name: 'Olive', pager: 'P1', level: 1, slack: 'U0OLIVE' }] }),
    ];
    expect(keysAt(matched)).toContain('invite:U0OLIVE');
    expect(keysAt(matched)).not.toContain('match-on-call');
  });

  test('the second way comes beside a first that is late; both late: everybody is called', () => {
    const late: IncidentEventDraft[] = [begun('page:1'), { type: 'effect.delayed', key: 'page:1', why: 'HTTP 500' }];
    expect(keysAt(late)).toEqual(['page:1', 'page-by-event:1', 'find-on-call', 'open-room', 'announce']);
    const both: IncidentEventDraft[] = [
      ...late,
      begun('page-by-event:1'),
      { type: 'effect.refused', key: 'page-by-event:1', why: 'bad key' },
    ];
    expect(keysAt(both)).toContain('page-aloud:1');
    expect(keysAt(both)).toContain('page:1');
  });

  test('everybody is called where people are: in the incidents channel, and about a private incident in its room alone', () => {
    const placesOf = (drafts: IncidentEventDraft[], hidden: boolean) =>
      listLoudPlaces(incidentAfter(drafts, { private: hidden }), { announceIn: 'C0INCIDENTS' });
    expect(placesOf(ROOM_OPEN, false)).toEqual(['C0INCIDENTS', 'C0ROOM']);
    expect(placesOf([], false)).toEqual(['C0INCIDENTS']);
    expect(placesOf(ROOM_OPEN, true)).toEqual(['C0ROOM']);
    expect(placesOf([], true)).toEqual([]);
  });

  test('without a second way, everybody is called at once', () => {
    const late: IncidentEventDraft[] = [begun('page:1'), { type: 'effect.delayed', key: 'page:1', why: 'HTTP 500' }];
    expect(keysAt(late, { settings: { pager: { rest: true, events: false } } })).toContain('page-aloud:1');
  });

  test('paged by the second way, the first finds it and learns where it is', () => {
    const keys = keysAt([
      begun('page:1'),
      { type: 'effect.delayed', key: 'page:1', why: 'HTTP 500' },
      begun('page-by-event:1'),
      done('page-by-event:1'),
    ]);
    expect(keys).toContain('page:1');
    expect(keys).not.toContain('page-by-event:1');
    expect(keys).not.toContain('page-aloud:1');
  });

  test('whoever has taken it needs no page any more', () => {
    expect(keysAt([{ type: 'page.changed', page: 'page:1', change: 'acknowledge', by: ONCALL }])).not.toContain(
      'page:1',
    );
  });

  test('an acknowledgement here is made there, once there is something to acknowledge', () => {
    const acknowledged: IncidentEventDraft = {
      type: 'page.changed',
      page: 'page:1',
      change: 'acknowledge',
      by: ONCALL,
    };
    expect(keysAt([acknowledged])).not.toContain('change-page:1');
    expect(keysAt([begun('page:1'), done('page:1', { pager: 'Q1' }), acknowledged])).toContain('change-page:1');
  });

  test('resolved here, it is resolved there; what PagerDuty resolved itself is not', () => {
    const paged = [begun('page:1'), done('page:1', { pager: 'Q1' })];
    const resolved: IncidentEventDraft = { type: 'incident.resolved', by: ONCALL };
    expect(keysAt([...paged, resolved])).toContain('change-page:resolve-1');
    const notice = {
      id: 'n1',
      type: 'incident.resolved',
      occurredAt: DECLARED_AT + 5_000,
      incident: 'Q1',
      status: 'resolved' as const,
      assignees: [],
    };
    expect(keysAt([...paged, { type: 'incident.pager-noticed', upTo: '1-0', notice }, resolved])).not.toContain(
      'change-page:resolve-1',
    );
  });
});

describe('the room', () => {
  test('once it is open, everything in it is outstanding at once', () => {
    const keys = keysAt(ROOM_OPEN, { opening: { invite: ['U1'], by: ONCALL } });
    expect(keys).toEqual([
      'page:1',
      'find-on-call',
      'post-card',
      'invite:U1',
      'invite:U0ONCALL1',
      'set-topic:1',
      'set-purpose',
      'announce',
    ]);
  });

  test('the pin waits for the card; a refused topic stops nothing', () => {
    const keys = keysAt([
      ...ROOM_OPEN,
      begun('post-card', 'set-topic:1'),
      done('post-card', { channel: 'C0ROOM', ts: '1.2' }),
      { type: 'effect.refused', key: 'set-topic:1', why: 'missing_scope' },
    ]);
    expect(keys).toContain('pin-card');
    expect(keys).not.toContain('set-topic:1');
  });

  test('a private incident is announced nowhere', () => {
    expect(keysAt([], { opening: { private: true, tell: ['C1'] } })).toEqual(['page:1', 'find-on-call', 'open-room']);
  });

  test('what may have taken effect is marked so', () => {
    const { wanted } = nextForIncident(incidentAfter([begun('open-room')]), DECLARED_AT + 10_000, SETTINGS);
    expect(wanted.find(({ key }) => key === 'open-room')).toMatchObject({ attempt: 2, inDoubt: true });
  });
});

describe('time', () => {
  const next = (drafts: readonly (IncidentEventDraft & { at?: number })[], now: number) =>
    nextForIncident(incidentAfter(drafts), now, SETTINGS);

  test('marks at half, four fifths and all of 15 minutes; none once it is mitigated', () => {
    expect(next([], DECLARED_AT + 449_999)).toMatchObject({ facts: [], until: DECLARED_AT + 450_000 });
    expect(next([], DECLARED_AT + 450_000).facts).toEqual([{ type: 'incident.rto-marked', percent: 50 }]);
    const half: IncidentEventDraft = { type: 'incident.rto-marked', percent: 50 };
    expect(next([half], DECLARED_AT + 12 * MINUTE).facts).toEqual([{ type: 'incident.rto-marked', percent: 80 }]);
    expect(next([half, { type: 'incident.mitigated', by: ONCALL }], DECLARED_AT + 14 * MINUTE).facts).toEqual([]);
  });

  test('a slot is due every 15 minutes; of those that passed unseen only the newest', () => {
    const marks: IncidentEventDraft[] = [50, 80, 100].map((percent) => ({ type: 'incident.rto-marked', percent }));
    expect(next(marks, DECLARED_AT + 15 * MINUTE - 1)).toMatchObject({ facts: [], until: DECLARED_AT + 15 * MINUTE });
    expect(next(marks, DECLARED_AT + 15 * MINUTE).facts).toEqual([{ type: 'slot.drafted', slot: 1 }]);
    expect(next(marks, DECLARED_AT + 65 * MINUTE).facts).toEqual([{ type: 'slot.drafted', slot: 4 }]);
  });

  test('an update shortly before answers the slot', () => {
    const marks: IncidentEventDraft[] = [50, 80, 100].map((percent) => ({ type: 'incident.rto-marked', percent }));
    const early = { type: 'update.posted', text: 'we are on it', by: ONCALL, at: DECLARED_AT + 14 * MINUTE } as const;
    expect(next([...marks, early], DECLARED_AT + 15 * MINUTE)).toMatchObject({
      facts: [],
      until: DECLARED_AT + 30 * MINUTE,
    });
  });

  test('only the newest reminder is posted, and only while its slot lasts', () => {
    const drafts: (IncidentEventDraft & { at?: number })[] = [
      ...ROOM_OPEN,
      { type: 'slot.drafted', slot: 1, text: 'a', at: DECLARED_AT + 15 * MINUTE },
      { type: 'slot.drafted', slot: 2, text: 'b', at: DECLARED_AT + 30 * MINUTE },
    ];
    expect(keysAt(drafts, { now: DECLARED_AT + 31 * MINUTE })).toContain('remind:2');
    expect(keysAt(drafts, { now: DECLARED_AT + 31 * MINUTE })).not.toContain('remind:1');
    expect(keysAt(drafts, { now: DECLARED_AT + 46 * MINUTE })).not.toContain('remind:2');
  });
});

test('what a newer version wrote is left alone', () => {
  const state = { ...incidentAfter([]), foreign: 'incident.paused v1' };
  expect(nextForIncident(state, DECLARED_AT, SETTINGS)).toEqual({
    facts: [],
    wanted: [],
    until: Number.POSITIVE_INFINITY,
  });
});
