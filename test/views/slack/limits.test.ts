import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Block, Button, ChatMessage } from '../../../src/domain/chat-message.ts';
import { fitMessage } from '../../../src/views/slack/limits.ts';
import { validateMessage } from './validate-message.ts';

const WHOLE = '/dr status k7m2qd';
const section = (text: string): Block => ({ type: 'section', text: { type: 'mrkdwn', text } });
const button = (over: Partial<Button> = {}): Button => ({
  type: 'button',
  action_id: 'dr-abort',
  text: { type: 'plain_text', text: 'Abort' },
  value: 'abort k7m2qd',
  ...over,
});
const fitAll = (...blocks: Block[]) => fitMessage({ text: 'x', blocks }, WHOLE).blocks;

const words = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc
    .tuple(fc.constantFrom('a', '&amp;', '<@U0BOB>', '`', '😀', '\ud83d', ' '), fc.nat(14_000))
    .map(([it, n]) => it.repeat(n)),
);
const plain = words.map((text) => ({ type: 'plain_text' as const, text }));
const markup = words.map((text) => ({ type: 'mrkdwn' as const, text }));
const buttons = fc.record({
  type: fc.constant('button' as const),
  action_id: words,
  text: plain,
  value: words,
  confirm: fc.record({ title: plain, text: fc.oneof(plain, markup), confirm: plain, deny: plain }),
});
const anyBlock: fc.Arbitrary<Block> = fc.oneof(
  plain.map((text) => ({ type: 'header' as const, text })),
  markup.map((text) => ({ type: 'section' as const, text })),
  fc.array(markup, { maxLength: 14 }).map((fields) => ({ type: 'section' as const, fields })),
  fc.array(markup, { maxLength: 14 }).map((elements) => ({ type: 'context' as const, elements })),
  fc.array(buttons, { maxLength: 40 }).map((elements) => ({ type: 'actions' as const, elements })),
  fc.constant({ type: 'divider' as const }),
);
const anyMessage: fc.Arbitrary<ChatMessage> = fc.record(
  {
    text: words,
    blocks: fc.array(anyBlock, { maxLength: 70, size: 'max' }),
    file: fc.record({ name: words, title: words, content: words }),
  },
  { requiredKeys: ['text', 'blocks'] },
);

describe('fitMessage', () => {
  test('makes any message one that Slack takes, and leaves a fitted one as it is', () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        const fitted = fitMessage(message, WHOLE);
        expect(validateMessage(fitted)).toEqual([]);
        expect(fitMessage(fitted, WHOLE)).toEqual(fitted);
      }),
      { numRuns: 100 },
    );
  });

  test('a cut shows, and says where the whole text is', () => {
    const [block] = fitAll(section('word '.repeat(1_000)));
    expect(JSON.stringify(block)).toMatch(/word.*… the whole text: \/dr status k7m2qd"/);
  });

  test.each([
    ['a mention', `${'x'.repeat(2_940)} <@U0ALICE><@U0ALICE>${'y'.repeat(500)}`],
    ['an entity', `${'x'.repeat(2_955)}${'&amp;'.repeat(200)}`],
    ['a pair', `${'x'.repeat(2_941)}${'😀'.repeat(200)}`],
  ])('it never cuts %s in two', (_name, text) => {
    const shown = JSON.stringify(fitAll(section(text)));
    expect(shown).toContain('…');
    expect(shown.replace(/<@U0ALICE>|&amp;/g, '')).not.toMatch(/[<&@]/);
    expect(shown.isWellFormed()).toBe(true);
  });

  test('code that is cut is closed', () => {
    const [block] = fitAll(section(`\`${'x'.repeat(4_000)}\``));
    expect(JSON.stringify(block).split('`')).toHaveLength(3);
  });

  test('of too many blocks the buttons stay, at the end', () => {
    const blocks = fitAll(...Array.from({ length: 80 }, () => section('line')), {
      type: 'actions',
      elements: [button()],
    });
    expect(blocks).toHaveLength(50);
    expect(blocks.at(-1)).toMatchObject({ type: 'actions' });
    expect(JSON.stringify(blocks.at(-2))).toContain('the whole text');
  });

  test('half a command is another command: the button goes; a second one of the same id too', () => {
    const elements = [button({ value: 'x'.repeat(2_001) }), button(), button({ value: 'abort another' })];
    expect(fitAll({ type: 'actions', elements })).toEqual([{ type: 'actions', elements: [button()] }]);
  });

  test('what fits is left as it is, in length and order', () => {
    const blocks: Block[] = [
      { type: 'header', text: { type: 'plain_text', text: 'x'.repeat(150) } },
      { type: 'section', text: { type: 'mrkdwn', text: 'y'.repeat(3_000), verbatim: true } },
      { type: 'divider' },
      { type: 'actions', elements: [button()] },
    ];
    expect(fitAll(...blocks)).toEqual(blocks);
  });
});
