import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Actor } from '../../../src/domain/actor.ts';
import type { ChatMessage } from '../../../src/domain/chat-message.ts';
import type { PostContext, PostKind } from '../../../src/domain/post-context.ts';
import { renderPost } from '../../../src/views/slack/render-post.ts';
import { renderReply } from '../../../src/views/slack/render-reply.ts';
import { hostileContext, text } from './hostile-run.ts';
import { validateMessage } from './validate-message.ts';

const KINDS: PostKind[] = ['card', 'plan', 'reminder', 'glass', 'parked', 'elsewhere', 'end'];
const RUNS = { numRuns: 150 };

test.each(KINDS)(
  '%s: whatever a run holds, Slack takes the message, and nobody is called who was not meant',
  (kind) => {
    fc.assert(
      fc.property(hostileContext, (context) => {
        const message = renderPost(kind, context);
        expect(validateMessage(message)).toEqual([]);
        expect(liveOf(message, context)).toEqual([]);
        expect(renderPost(kind, context)).toEqual(message);
      }),
      RUNS,
    );
  },
);

test('a reply: whatever the lines are, Slack takes it, and only names of members are live', () => {
  fc.assert(
    fc.property(fc.array(text, { maxLength: 40 }), fc.boolean(), (lines, ok) => {
      const message = renderReply(lines, ok);
      expect(validateMessage(message)).toEqual([]);
      const live = findLive(message).filter((it) => !/^<@[UW][A-Z0-9]+>$/.test(it));
      expect(live).toEqual([]);
    }),
    RUNS,
  );
});

/** Everything between angle brackets that is none of ours. */
function liveOf(message: ChatMessage, context: PostContext): string[] {
  const { request, approval, abort, rejected } = context.state;
  const actors = [request.by, approval?.by, abort?.by, rejected?.by];
  const users = [...actors.flatMap(userOf), ...context.approvers.users].filter((id) => /^[UW][A-Z0-9]+$/.test(id));
  const groups = context.approvers.groups.filter((id) => /^S[A-Z0-9]+$/.test(id));
  const ours = new Set([...users.map((id) => `<@${id}>`), ...groups.map((id) => `<!subteam^${id}>`)]);
  // The link is the chat's own answer; what is no link must not become one.
  const isLink = (it: string) =>
    /^<https?:[^\s|]+\|[^<>|]+>$/.test(it) && it.replaceAll('&amp;', '&').startsWith(`<${context.cardLink}|`);
  return findLive(message).filter((it) => !ours.has(it) && !isLink(it));
}

function userOf(actor: Actor | undefined): string[] {
  return actor?.kind === 'slack' ? [actor.user] : [];
}

/** In markup every bracket counts; elsewhere Slack takes none as live, but what looks like a mention has no business there either. */
function findLive({ text: whole, blocks, file }: ChatMessage): string[] {
  const markups = [whole, ...collect(blocks, 'mrkdwn')];
  const plains = [...collect(blocks, 'plain_text'), file?.content ?? ''];
  return [
    ...markups.flatMap((it) => it.match(/<[^>]*>?|@(?:channel|here|everyone)>/g) ?? []),
    ...plains.flatMap((it) => it.match(/<[@!#][^>]*>?/g) ?? []),
  ];
}

function collect(value: unknown, type: string): string[] {
  if (Array.isArray(value)) return value.flatMap((inner) => collect(inner, type));
  if (typeof value !== 'object' || value === null) return [];
  if ('type' in value && value.type === type && 'text' in value) return [String(value.text)];
  return Object.values(value).flatMap((inner) => collect(inner, type));
}
