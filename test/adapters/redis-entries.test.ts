import { expect, test } from 'vitest';
import { createEntryParser, type RawEntry } from '../../src/adapters/redis-entries.ts';

const raw = (id: string, key: string): RawEntry => {
  const event = { type: 'post.begun', v: 1, eid: `e-${key}`, at: 1, key, channel: 'C1', attempt: 1 };
  return [id, ['eid', event.eid, 'event', JSON.stringify(event)]];
};

test('what was parsed is remembered: the same text, the same event, under its own id', () => {
  const parse = createEntryParser();
  const first = parse(raw('1-0', 'card'));
  const again = parse(raw('2-0', 'card'));
  expect(first).toMatchObject({ id: '1-0', event: { type: 'post.begun', key: 'card' } });
  expect(again.id).toBe('2-0');
  expect(again.event).toBe(first.event);
  expect(parse(raw('3-0', 'end')).event).toMatchObject({ key: 'end' });
});

test('what was not used for longest is forgotten first', () => {
  const length = raw('', 'a')[1][3]?.length ?? 0;
  const parse = createEntryParser(2 * length);
  const [a, b] = [parse(raw('1-0', 'a')), parse(raw('2-0', 'b'))];
  expect(parse(raw('1-0', 'a')).event).toBe(a.event);
  parse(raw('3-0', 'c'));
  expect(parse(raw('1-0', 'a')).event).toBe(a.event);
  expect(parse(raw('2-0', 'b')).event).not.toBe(b.event);
});

test.each([
  ['no JSON', '{', 'something unreadable'],
  ['a type from the future', '{"type":"post.pinned","v":1}', 'post.pinned v1'],
  ['a version from the future', '{"type":"run.started","v":2}', 'run.started v2'],
])('%s is foreign', (_what, text, wrote) => {
  expect(createEntryParser()(['1-0', ['eid', 'e', 'event', text]]).event).toEqual({ type: 'foreign', wrote });
});
