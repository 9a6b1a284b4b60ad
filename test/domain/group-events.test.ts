import { expect, test } from 'vitest';
import { groupEvents, lastSeenOf } from '../../src/domain/group-events.ts';
import { Event } from '../../src/domain/kinds-events.ts';

const CREATED = '2026-01-01T00:00:00Z';
const event = (name: string, more: object = {}): Event =>
  Event.schema.parse({
    metadata: { name, uid: name, resourceVersion: '1', creationTimestamp: CREATED },
    type: 'Normal',
    reason: 'Pulled',
    note: 'pulled',
    regarding: { kind: 'Pod', name: 'web-1' },
    ...more,
  });

test.each([
  [
    'the series, where there is one',
    { series: { count: 2, lastObservedTime: '2026-01-01T03:00:00Z' }, eventTime: '2026-01-01T01:00:00Z' },
    3,
  ],
  [
    'else its own time, in microseconds',
    { eventTime: '2026-01-01T01:00:00.000000Z', deprecatedLastTimestamp: null },
    1,
  ],
  ['else the old field', { eventTime: null, series: null, deprecatedLastTimestamp: '2026-01-01T02:00:00Z' }, 2],
  ['else when it was created', { eventTime: null, deprecatedLastTimestamp: null }, 0],
])('last seen: %s', (_what, fields, hours) => {
  expect(lastSeenOf(event('a', fields)) - Date.parse(CREATED)).toBe(hours * 3_600_000);
});

test('warnings first, then the newest first; what says the same of the same is one, with its counts added up', () => {
  const warning = { type: 'Warning', reason: 'BackOff', note: 'back-off' };
  const groups = groupEvents([
    event('a', { eventTime: '2026-01-01T09:00:00Z' }),
    event('b', {
      ...warning,
      eventTime: '2026-01-01T01:00:00Z',
      series: { count: 4, lastObservedTime: '2026-01-01T02:00:00Z' },
    }),
    event('c', { ...warning, deprecatedCount: 3, deprecatedLastTimestamp: '2026-01-01T03:00:00Z' }),
    event('d', { ...warning, regarding: { kind: 'Pod', name: 'web-2' }, eventTime: '2026-01-01T08:00:00Z' }),
  ]);
  expect(groups.map(({ object, count, warning: bad }) => [object, count, bad])).toEqual([
    ['pod/web-2', 1, true],
    ['pod/web-1', 7, true],
    ['pod/web-1', 1, false],
  ]);
  expect(new Date(groups[1]?.lastSeen ?? 0).toISOString()).toBe('2026-01-01T03:00:00.000Z');
});

test('nothing but metadata is an event too', () => {
  const bare = Event.schema.parse({ metadata: event('a').metadata });
  expect(groupEvents([bare])).toMatchObject([{ object: 'object/?', reason: '', note: '', count: 1, warning: false }]);
});
