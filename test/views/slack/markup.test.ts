import { describe, expect, test } from 'vitest';
import type { PostKind } from '../../../src/domain/post-context.ts';
import { code, disarm, escapeSentence, link, mention, mentionApprovers } from '../../../src/views/slack/markup.ts';
import { renderPost } from '../../../src/views/slack/render-post.ts';
import * as story from './story.ts';

const { asked, planned, contextOf } = story;

describe('text from outside', () => {
  test.each([
    '<!channel>',
    '<!here>',
    '<@U0EVIL>',
    '<!subteam^S0EVIL>',
    '<https://evil.example|fine>',
    '&lt;@U0EVIL&gt;',
  ])('%s stays text', (hostile) => {
    expect(escapeSentence(disarm(hostile))).not.toMatch(/[<>]/);
  });

  test('stays text where it meets other text', () => {
    expect(escapeSentence(`${disarm('a<')}${disarm('@U0EVIL>')}`)).not.toMatch(/[<>]/);
  });

  test('is one line without code fences or reversed writing', () => {
    expect(disarm('a\nb\u202ec```d\u0007\ud800')).toBe('a bcˋˋˋd \ufffd');
  });

  test('does not leave the code it stands in', () => {
    expect(code('a`b <!here> `c')).toMatch(/^`[^`]*`$/);
  });

  const reason = 'x <@U0EVIL> <!channel> ``` &amp; *bold*';
  const glass = { ...story.glass, reason };
  test.each<PostKind>(['glass', 'card', 'end'])(
    'a reason in the %s calls nobody, while those who acted are named',
    (kind) => {
      const { text } = renderPost(kind, contextOf([asked, planned, glass]));
      expect(text).toContain('<@U0ALICE>');
      expect(text).not.toContain('<@U0EVIL>');
      expect(text).not.toContain('<!channel>');
      expect(text).toContain('ˋˋˋ &amp;amp;');
    },
  );
});

describe('what we make ourselves', () => {
  test('mentions only from ids of the right form, each once, and not without end', () => {
    expect(mention({ kind: 'slack', user: 'U0ALICE' })).toEqual(['<@U0ALICE>']);
    expect(mention({ kind: 'slack', user: 'U1><!channel' })).toEqual([]);
    expect(mention({ kind: 'terminal', account: '<@U0ALICE>', uid: 1 })).toEqual([]);
    const users = Array.from({ length: 30 }, (_, index) => `U0${index}`);
    const who = mentionApprovers({
      users: ['U0BOB', 'U0BOB', 'nobody', ...users],
      groups: ['S0A', '!here'],
      breakGlass: [],
    });
    expect(who.slice(0, 2)).toEqual(['<!subteam^S0A>', '<@U0BOB>']);
    expect(who.at(-1)).toBe('and 12 more');
  });

  test('a link only to what is one', () => {
    expect(link('https://x.slack.com/a?b=1&c=2', 'here')).toBe('<https://x.slack.com/a?b=1&amp;c=2|here>');
    expect(link('javascript:alert(1)', 'here')).toBe('here');
    expect(link('https://x|<!channel>', 'here')).toBe('here');
    expect(link(undefined, 'a <b>')).toBe('a &lt;b&gt;');
  });
});
