import { describe, expect, test } from 'vitest';
import { createRests } from '../../src/engine/rests.ts';

const ledgerOf = (ids: Record<string, string>) => ({
  lastIds: async (streams: readonly string[]) =>
    new Map(Object.entries(ids).filter(([stream]) => streams.includes(stream))),
});

describe('which unfinished streams a sweep wakes', () => {
  test('all, where nothing is known yet', async () => {
    const rests = createRests();
    expect(await rests.findDue(ledgerOf({ 'run-a': '2-0' }), ['run-a', 'posts-a'], 0)).toEqual(['run-a', 'posts-a']);
  });

  test.each([
    ['none, while all is as it was seen', { 'run-a': '2-0', 'posts-a': '5-0' }, 99, []],
    ['both, once the run has moved', { 'run-a': '3-0', 'posts-a': '5-0' }, 99, ['run-a', 'posts-a']],
    ['the messages, once they have moved', { 'run-a': '2-0', 'posts-a': '6-0' }, 99, ['posts-a']],
    ['those whose time has come', { 'run-a': '2-0', 'posts-a': '5-0' }, 100, ['run-a']],
    ['both, where the streams were lost', {}, 99, ['run-a', 'posts-a']],
  ])('%s', async (_what, ids, now, due) => {
    const rests = createRests();
    rests.note('run-a', '2-0', 100);
    rests.note('posts-a', '5-0 2-0', Number.POSITIVE_INFINITY);
    expect(await rests.findDue(ledgerOf(ids), ['run-a', 'posts-a'], now)).toEqual(due);
  });

  test('what was due is woken each time until it is seen at rest again', async () => {
    const rests = createRests();
    rests.note('run-a', '2-0', 100);
    const ledger = ledgerOf({ 'run-a': '2-0' });
    expect(await rests.findDue(ledger, ['run-a'], 100)).toEqual(['run-a']);
    expect(await rests.findDue(ledger, ['run-a'], 99)).toEqual(['run-a']);
  });

  test('messages that never had to be said rest too', async () => {
    const rests = createRests();
    rests.note('posts-a', ' 2-0', Number.POSITIVE_INFINITY);
    expect(await rests.findDue(ledgerOf({ 'run-a': '2-0' }), ['posts-a'], 0)).toEqual([]);
  });
});
