import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tokenize } from '../../src/domain/command-line.ts';
import { escapeMarkup, readMarkup } from '../../src/domain/slack-markup.ts';

test.each([
  ['restore namespace data-processing', 'restore namespace data-processing'],
  ['note <@U123|alice>', 'note <@U123>'],
  ['note <@U123>', 'note <@U123>'],
  ['note <@W123|two words>', 'note <@W123>'],
  ['in <#C123|general>', 'in <#C123>'],
  ['in <#C123|>', 'in <#C123>'],
  ['ask <!subteam^S1|@leads>', 'ask <!subteam^S1>'],
  ['<!here|here> <!channel>', '<!here> <!channel>'],
  ['backup <http://foo.bar|foo.bar>', 'backup foo.bar'],
  ['backup <https://foo.bar/|foo.bar>', 'backup foo.bar'],
  ['see <https://foo.bar/a?b=1&amp;c=2|https://foo.bar/a?b=1&amp;c=2>', 'see https://foo.bar/a?b=1&c=2'],
  ['see <https://foo.bar>', 'see https://foo.bar'],
  ['see <https://evil.example|data-processing>', 'see https://evil.example'],
  ['see <https://evil.example|>', 'see https://evil.example'],
  ['to <mailto:a@b.c|a@b.c>', 'to a@b.c'],
  ['to <mailto:evil@b.c|a@b.c>', 'to mailto:evil@b.c'],
  ['call <tel:+123|+123>', 'call +123'],
  ['a &lt;b&gt; &amp; c', 'a <b> & c'],
  ['&amp;lt;@U123&amp;gt;', '&lt;@U123&gt;'],
  ['&amp;amp;lt;', '&amp;lt;'],
  ['&lt;@U123|x&gt;', '<@U123|x>'],
  ['&quot;a&quot; &#60;', '&quot;a&quot; &#60;'],
  ['< b', '< b'],
  ['a > b', 'a > b'],
  ['<nothing known|x>', '<nothing known|x>'],
  ['<<@U1|a>>', '<<@U1>>'],
  ['<>', '<>'],
])('%j is read as %j', (text, plain) => {
  expect(readMarkup(text)).toBe(plain);
});

test('a mention stays one word, whatever its label', () => {
  expect(tokenize(readMarkup('page <@U123|al "ice> --why <#C1|a b>'))).toEqual({
    tokens: ['page', '<@U123>', '--why', '<#C1>'],
  });
});

test('any text that Slack escapes comes back as it was', () => {
  const entity = fc.constantFrom('&', '<', '>', '&amp;', '&lt;', '<@U1|a>', ';', '|');
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string({ unit: 'grapheme' }), entity)), (parts) => {
      const text = parts.join('');
      expect(readMarkup(escapeMarkup(text))).toBe(text);
    }),
  );
});

test('any text without markup is left alone', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (any) => {
      const text = any.replace(/[<>&]/g, '');
      expect(readMarkup(text)).toBe(text);
    }),
  );
});

test.each(['<', '&', '<@', '<a|', '&lt;', '<>'])(
  'a hundred thousand of %j take no time: nothing is looked at twice',
  (piece) => {
    const from = performance.now();
    readMarkup(piece.repeat(100_000));
    expect(performance.now() - from).toBeLessThan(5_000);
  },
);
