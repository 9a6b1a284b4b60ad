import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isButtonLine } from '../../../src/domain/button-line.ts';
import type { ChatMessage } from '../../../src/domain/chat-message.ts';
import { renderDraft } from '../../../src/views/incident/draft.ts';
import { renderPage } from '../../../src/views/incident/page.ts';
import { renderBookmark, renderPurpose, renderTopic } from '../../../src/views/incident/room.ts';
import { renderIncidentList, renderIncidentStatus } from '../../../src/views/incident/status.ts';
import { renderTimeline } from '../../../src/views/incident/timeline.ts';
import { renderIncidentMessage } from '../../../src/views/slack/incident/render-incident-message.ts';
import { renderReply } from '../../../src/views/slack/render-reply.ts';
import { validateMessage } from '../slack/validate-message.ts';
import { hostileIncident } from './hostile-incident.ts';
import { alert, contextOf, OPENING, working } from './story.ts';

const KEYS = ['post-card', 'announce', 'tell:C0STAKE', 'remind:1', 'post-update:1', 'page-aloud:1'];
const RUNS = { numRuns: 100 };

test.each(KEYS)(
  '%s: whatever an incident holds, Slack takes the message, and nobody is called who was not meant',
  (key) => {
    fc.assert(
      fc.property(hostileIncident, (context) => {
        const message = renderIncidentMessage(key, context);
        expect(validateMessage(message)).toEqual([]);
        expect(findLive(message).filter((it) => !isOurs(it, key))).toEqual([]);
        expect(buttonsOf(message).filter((value) => !isButtonLine(value))).toEqual([]);
        expect(renderIncidentMessage(key, context)).toEqual(message);
      }),
      RUNS,
    );
  },
);

test('a draft fits the field it is edited in, and once posted calls nobody either', () => {
  fc.assert(
    fc.property(hostileIncident, (context) => {
      const draft = renderDraft(context);
      expect(draft.length).toBeLessThanOrEqual(3_000);
      expect(draft.isWellFormed()).toBe(true);
      expect(draft.match(/<[!#][^>]*>/g) ?? []).toEqual([]);
    }),
    RUNS,
  );
});

test('topic, purpose and bookmark fit, and are only text and names of members', () => {
  fc.assert(
    fc.property(hostileIncident, ({ view: { state } }) => {
      for (const line of [renderTopic(state), renderPurpose(state)]) {
        expect(line.length).toBeLessThanOrEqual(250);
        expect((line.match(/<[^>]*>?/g) ?? []).filter((it) => !/^<@[UW][A-Z0-9]+>$/.test(it))).toEqual([]);
        expect(line).not.toContain('\n');
      }
      const bookmark = renderBookmark(state, 'alert');
      if (bookmark !== undefined) expect(bookmark.url).toMatch(/^https?:\/\/\S+$/);
    }),
    RUNS,
  );
});

test('lines for people hold no line end and nothing that a terminal obeys; a reply of them is taken', () => {
  fc.assert(
    fc.property(hostileIncident, (context) => {
      const lines = [
        ...renderTimeline(context.view, { chores: true }),
        ...renderIncidentStatus(context),
        ...renderIncidentList([context.view]),
        ...renderPage(context.view.state, 'page:1').details.split('\n'),
      ];
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      expect(lines.filter((line) => /[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/.test(line))).toEqual([]);
      expect(renderTimeline(context.view, { chores: true })).toHaveLength(context.view.entries.length);
      expect(validateMessage(renderReply(lines, true))).toEqual([]);
    }),
    RUNS,
  );
});

test('a storm of 10,000 alerts is one card, and each is counted', () => {
  const alerts = Array.from({ length: 10_000 }, (_, index) =>
    alert(`Alert${index}`, { labels: { service: `service-${index % 50}` }, summary: '<!channel> '.repeat(50) }),
  );
  const gone = alerts.slice(0, 3_000).map((it) => ({ ...it, status: 'resolved' as const }));
  const context = contextOf([
    ...working,
    { type: 'incident.alerts-recorded', upTo: '3-0', alerts },
    { type: 'incident.alerts-recorded', upTo: '4-0', alerts: gone },
  ]);
  const message = renderIncidentMessage('post-card', context);
  expect(validateMessage(message)).toEqual([]);
  expect(message.text).toContain('Alerts: 7,002 firing, 3,000 resolved');
  expect(message.text).toContain('44 more services');
  expect(message.text).toContain('• Alert9999, firing since');
  expect(message.text).toContain('and 9,997 more');
  expect(findLive(message).filter((it) => !isOurs(it, 'post-card'))).toEqual([]);
});

test('a title of 5,000 characters is cut, and says where the whole of it is', () => {
  const title = 'everything is down and nobody knows why '.repeat(125);
  const context = contextOf([{ type: 'incident.declared', opening: { ...OPENING, title } }, ...working.slice(1)]);
  for (const key of KEYS) expect(validateMessage(renderIncidentMessage(key, context))).toEqual([]);
  expect(renderTopic(context.view.state)).toMatch(/^SEV1 OPEN: everything is down .*… \| .* \| commander: <@U0LEAD>$/);
  expect(renderTopic(context.view.state).length).toBeLessThanOrEqual(250);
  expect(renderPage(context.view.state, 'page:1').title.length).toBeLessThanOrEqual(250);
});

/** In markup every bracket counts. */
function findLive({ text, blocks }: ChatMessage): string[] {
  return [text, ...collect(blocks, 'mrkdwn')].flatMap((it) => it.match(/<[^>]*>?|@(?:channel|here|everyone)>/g) ?? []);
}

/** A member's name, our own link, the room; `@here` only where everybody is to be called. */
function isOurs(live: string, key: string): boolean {
  if (live === '<!here>') return key === 'page-aloud:1';
  // Only whoever writes an update may name a member in it.
  if (live === '<@U0EVIL>') return key !== 'page-aloud:1' && key !== 'announce';
  return (
    /^<@[UW][A-Z0-9]+>$|^<#C[A-Z0-9]+>$|^<https?:[^\s|<>]+\|(?:alert|PagerDuty)>$/.test(live) &&
    !live.includes('#C0EVIL')
  );
}

function buttonsOf({ blocks }: ChatMessage): string[] {
  return blocks.flatMap((block) => (block.type === 'actions' ? block.elements.map(({ value }) => value) : []));
}

function collect(value: unknown, type: string): string[] {
  if (Array.isArray(value)) return value.flatMap((inner) => collect(inner, type));
  if (typeof value !== 'object' || value === null) return [];
  if ('type' in value && value.type === type && 'text' in value) return [String(value.text)];
  return Object.values(value).flatMap((inner) => collect(inner, type));
}
