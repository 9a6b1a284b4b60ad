import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { validateMessage } from '../../../sandbox/slack/blocks/check-message.ts';
import { checkView } from '../../../sandbox/slack/blocks/check-view.ts';
import type { Json } from '../../../sandbox/slack/json.ts';
import { METHODS } from '../../../sandbox/slack/methods/method-table.ts';
import { type SandboxSlack, startSlack } from '../../../sandbox/slack/start-slack.ts';

let slack: SandboxSlack;
let ts: string;
beforeAll(async () => {
  slack = await startSlack();
  ts = slack.people.say({ user: 'dba', channel: 'incidents', text: 'hello' });
});
afterAll(() => slack.close());

const json = fc.jsonValue() as fc.Arbitrary<Json>;
const type = fc.constantFrom(
  'section',
  'header',
  'context',
  'actions',
  'input',
  'rich_text',
  'table',
  'button',
  'mrkdwn',
  'modal',
);
const object = fc.dictionary(
  fc.constantFrom('type', 'text', 'elements', 'fields', 'element', 'rows', 'blocks', 'title', 'confirm'),
  json,
);
/** Things that look like blocks, down to a few levels. */
const blocky: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  node: fc.oneof(
    { maxDepth: 2 },
    json,
    fc.record({ type, text: tie('node'), elements: fc.array(tie('node'), { maxLength: 3 }), accessory: tie('node') }),
    fc.tuple(type, object).map(([kind, rest]) => ({ ...rest, type: kind })),
  ),
}))['node'];

/** Arguments of all methods, some of them right. */
const someArgs = () =>
  fc.record(
    {
      channel: fc.oneof(fc.constantFrom(slack.channels.incidents, slack.channels.random, slack.users.dba), json),
      channel_id: fc.oneof(fc.constant(slack.channels.incidents), json),
      ts: fc.oneof(fc.constant(ts), json),
      timestamp: fc.oneof(fc.constant(ts), json),
      message_ts: fc.oneof(fc.constant(ts), json),
      thread_ts: fc.oneof(fc.constant(ts), json),
      text: fc.oneof(fc.string(), json),
      blocks: fc.oneof(fc.array(blocky, { maxLength: 3 }), json),
      attachments: json,
      metadata: fc.oneof(fc.record({ event_type: fc.string(), event_payload: json }), json),
      user: fc.oneof(fc.constant(slack.users.dba), json),
      users: fc.oneof(fc.constant(slack.users.dba), json),
      name: fc.oneof(fc.string(), json),
      view: blocky,
      files: json,
      limit: json,
      cursor: json,
      link: fc.oneof(fc.constant('https://a.example'), json),
      title: json,
      type: fc.oneof(fc.constant('link'), json),
    },
    { requiredKeys: [] },
  );

test('whatever is sent, Slack answers in its own words and the screen can be drawn', async () => {
  const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 30 });
  const section = text.map((said) => ({ type: 'section', text: { type: 'mrkdwn', text: `<${said}|${said}>` } }));
  const good = fc.record({ channel: fc.constant('incidents'), text, blocks: fc.array(section, { maxLength: 2 }) });
  const anything = fc.tuple(fc.constantFrom(...Object.keys(METHODS)), someArgs());
  const call = fc.oneof({ weight: 4, arbitrary: anything }, fc.tuple(fc.constant('chat.postMessage'), good));
  await fc.assert(
    fc.asyncProperty(call, async ([method, args]) => {
      const response = await fetch(`${slack.url}${method}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${slack.botToken}`, 'content-type': 'application/json' },
        body: JSON.stringify(args),
      });
      expect(response.status, await response.clone().text()).toBe(200);
      const answer = (await response.json()) as { ok: boolean; error?: string };
      expect(answer.ok ? 'ok' : answer.error).toMatch(/^[a-z_]+$/);
    }),
    { numRuns: 200 },
  );
  expect(slack.posted().length).toBeGreaterThan(0);
  expect(slack.posted().flatMap(({ draft }) => validateMessage(draft))).toEqual([]);
  for (const name of slack.channelNames()) {
    const screen = slack.renderChannel(name, { as: 'dba' });
    expect(screen.replace(/[\n\t]/g, '')).not.toMatch(/\p{Cc}/u);
  }
}, 60_000);

test('whatever a message or a modal is, it is judged', () => {
  fc.assert(
    fc.property(fc.array(blocky, { maxLength: 4 }), blocky, (blocks, view) => {
      expect(Array.isArray(validateMessage({ text: 'a', blocks }))).toBe(true);
      expect(Array.isArray(checkView(view as Json))).toBe(true);
    }),
  );
});
