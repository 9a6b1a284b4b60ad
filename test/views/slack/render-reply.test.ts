import { expect, test } from 'vitest';
import { renderReply } from '../../../src/views/slack/render-reply.ts';
import { validateMessage } from './validate-message.ts';

test('an answer is its lines, with the names of members', () => {
  const { text, blocks } = renderReply(['Run k7m2qd: a & b', 'asked for by <@U0ALICE>'], true);
  expect(text).toBe('Run k7m2qd: a &amp; b\nasked for by <@U0ALICE>');
  expect(blocks).toEqual([{ type: 'section', text: { type: 'mrkdwn', text, verbatim: true } }]);
});

test('what could not be done is marked', () => {
  expect(renderReply(['No.', 'Next: ask.'], false).text).toBe(':warning: No.\nNext: ask.');
});

test('a long answer ends with how to see the rest', () => {
  const message = renderReply(
    Array.from({ length: 500 }, (_, index) => `line ${index} ${'x'.repeat(100)}`),
    true,
  );
  expect(validateMessage(message)).toEqual([]);
  const last = JSON.stringify(message.blocks.at(-1));
  expect(last).toMatch(/… \d+ more lines\. See them all in the terminal/);
  expect(JSON.stringify(message.blocks)).toContain('line 70 ');
});

test('an empty answer is still an answer', () => {
  expect(validateMessage(renderReply([], true))).toEqual([]);
  expect(validateMessage(renderReply(['', ''], false))).toEqual([]);
});
