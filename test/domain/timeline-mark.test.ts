import { describe, expect, test } from 'vitest';
import { draftPinned, readMark } from '../../src/domain/timeline-mark.ts';

describe('a mark', () => {
  test.each<[string, string | undefined, ReturnType<typeof readMark>]>([
    ['pin_added', undefined, 'put'],
    ['pin_removed', undefined, 'taken'],
    ['reaction_added', 'pushpin', 'put'],
    ['reaction_removed', 'pushpin', 'taken'],
    ['reaction_added', 'pushpin::skin-tone-2', 'put'],
    ['reaction_added', 'round_pushpin', undefined],
    ['reaction_added', undefined, undefined],
    ['message', undefined, undefined],
    ['channel_rename', undefined, undefined],
  ])('%s %s: %s', (actionId, emoji, mark) => {
    expect(readMark({ actionId, ...(emoji === undefined ? {} : { emoji }) }, 'pushpin')).toBe(mark);
  });
});

describe('what is kept of a message', () => {
  const message = { channel: 'C1', ts: '1.1', author: undefined, link: undefined };

  test('is plain text, cut where it is long', () => {
    expect(draftPinned({ ...message, text: 'a &lt;b&gt; <@U1|lee>' }, 'U2')).toEqual({
      ...{ type: 'message.pinned', channel: 'C1', ts: '1.1', by: 'U2' },
      text: 'a <b> <@U1>',
    });
    const { text } = draftPinned({ ...message, text: `${'x'.repeat(1_998)}🔥${'y'.repeat(100)}` }, 'U2');
    expect(text).toBe(`${'x'.repeat(1_998)}…`);
  });

  test('says so where there is none', () => {
    expect(draftPinned({ ...message, text: ' ' }, 'U2').text).toBe('(no text)');
  });
});
