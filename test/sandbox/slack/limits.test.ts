import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { validateMessage } from '../../../sandbox/slack/blocks/check-message.ts';
import { LIMITS } from '../../../sandbox/slack/limits.ts';
import { type Bench, complaints, outcome, startBench } from './client.ts';

const long = (length: number) => 'a'.repeat(length);
const plain = (text: string) => ({ type: 'plain_text', text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const times = <T>(count: number, make: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => make(index));
const section = (more: object = {}) => ({ type: 'section', text: mrkdwn('a'), ...more });
const button = (more: object = {}) => ({ type: 'button', text: plain('Go'), ...more });
const actions = (...elements: object[]) => ({ type: 'actions', elements });
const confirm = (more: object = {}) => ({
  title: plain('Sure?'),
  text: mrkdwn('It stops.'),
  confirm: plain('Yes'),
  deny: plain('No'),
  ...more,
});
const option = (more: object = {}) => ({ text: plain('One'), value: '1', ...more });
const select = (more: object = {}) => ({ type: 'static_select', options: [option()], ...more });
const asking = (more: object) => actions(button({ confirm: confirm(more) }));

/** What may be as long as the limit, and not one longer. */
const LENGTHS: [string, number, (text: string) => object][] = [
  ['/blocks/0/text/text', LIMITS.header, (text) => ({ type: 'header', text: plain(text) })],
  ['/blocks/0/text/text', LIMITS.section.text, (text) => section({ text: mrkdwn(text) })],
  ['/blocks/0/fields/0/text', LIMITS.section.field, (text) => section({ fields: [mrkdwn(text)] })],
  ['/blocks/0/elements/0/text', LIMITS.text, (text) => ({ type: 'context', elements: [mrkdwn(text)] })],
  ['/blocks/0/text', LIMITS.markdown, (text) => ({ type: 'markdown', text })],
  ['/blocks/0/block_id', LIMITS.id, (text) => section({ block_id: text })],
  ['/blocks/0/elements/0/action_id', LIMITS.id, (text) => actions(button({ action_id: text }))],
  ['/blocks/0/elements/0/text/text', LIMITS.button.text, (text) => actions(button({ text: plain(text) }))],
  ['/blocks/0/elements/0/value', LIMITS.button.value, (text) => actions(button({ value: text }))],
  ['/blocks/0/elements/0/url', LIMITS.button.url, (text) => actions(button({ url: `https:${text.slice(6)}` }))],
  ['/blocks/0/elements/0/accessibility_label', 75, (text) => actions(button({ accessibility_label: text }))],
  ['/blocks/0/elements/0/confirm/title/text', LIMITS.confirm.title, (text) => asking({ title: plain(text) })],
  ['/blocks/0/elements/0/confirm/text/text', LIMITS.confirm.text, (text) => asking({ text: mrkdwn(text) })],
  ['/blocks/0/elements/0/confirm/confirm/text', LIMITS.confirm.button, (text) => asking({ confirm: plain(text) })],
  ['/blocks/0/elements/0/confirm/deny/text', LIMITS.confirm.button, (text) => asking({ deny: plain(text) })],
  [
    '/blocks/0/accessory/options/0/text/text',
    75,
    (text) => section({ accessory: select({ options: [option({ text: plain(text) })] }) }),
  ],
  [
    '/blocks/0/accessory/options/0/value',
    75,
    (text) => section({ accessory: select({ options: [option({ value: text })] }) }),
  ],
  ['/blocks/0/accessory/placeholder/text', 150, (text) => section({ accessory: select({ placeholder: plain(text) }) })],
  [
    '/blocks/0/label/text',
    LIMITS.input.label,
    (text) => ({ type: 'input', label: plain(text), element: { type: 'plain_text_input' } }),
  ],
  [
    '/blocks/0/alt_text',
    LIMITS.image.alt,
    (text) => ({ type: 'image', image_url: 'https://a.example/a.png', alt_text: text }),
  ],
];

/** What may hold as many as the limit, and not one more. */
const COUNTS: [string, number, (count: number) => object][] = [
  ['/blocks/0/fields', LIMITS.section.fields, (count) => section({ fields: times(count, () => mrkdwn('a')) })],
  [
    '/blocks/0/elements',
    LIMITS.context.elements,
    (count) => ({ type: 'context', elements: times(count, () => mrkdwn('a')) }),
  ],
  ['/blocks/0/elements', LIMITS.actions.elements, (count) => actions(...times(count, () => button()))],
  [
    '/blocks/0/accessory/options',
    LIMITS.overflow,
    (count) => section({ accessory: { type: 'overflow', options: times(count, () => option()) } }),
  ],
  [
    '/blocks/0/accessory/options',
    LIMITS.choices,
    (count) => section({ accessory: { type: 'radio_buttons', options: times(count, () => option()) } }),
  ],
  [
    '/blocks/0/accessory/options',
    LIMITS.select.options,
    (count) => section({ accessory: select({ options: times(count, () => option()) }) }),
  ],
  [
    '/blocks/0/rows',
    LIMITS.table.rows,
    (count) => ({ type: 'table', rows: times(count, () => [{ type: 'raw_text', text: 'a' }]) }),
  ],
];

describe('lengths', () => {
  test.each(LENGTHS)('%s: %i', (pointer, limit, make) => {
    expect(validateMessage({ text: 'a', blocks: [make(long(limit))] })).toEqual([]);
    expect(validateMessage({ text: 'a', blocks: [make(long(limit + 1))] })).toEqual([
      `invalid_blocks: must be less than ${limit + 1} characters [json-pointer:${pointer}]`,
    ]);
  });

  test('are counted in characters, as people do', () => {
    const blocks = [{ type: 'header', text: plain('🔥'.repeat(LIMITS.header)) }];
    expect(validateMessage({ text: 'a', blocks: blocks })).toEqual([]);
  });
});

describe('counts', () => {
  test.each(COUNTS)('%s: %i', (pointer, limit, make) => {
    expect(validateMessage({ text: 'a', blocks: [make(limit)] })).toEqual([]);
    expect(validateMessage({ text: 'a', blocks: [make(limit + 1)] })).toEqual([
      `invalid_blocks: no more than ${limit} items allowed [json-pointer:${pointer}]`,
    ]);
  });

  test('blocks of a message', () => {
    const blocks = times(51, () => ({ type: 'divider' }));
    expect(validateMessage({ text: 'a', blocks: blocks.slice(1) })).toEqual([]);
    expect(validateMessage({ text: 'a', blocks })).toEqual([
      'invalid_blocks: no more than 50 items allowed [json-pointer:/blocks]',
    ]);
  });

  test('all text of the blocks together', () => {
    const blocks = times(5, () => section({ text: mrkdwn(long(2_600)) }));
    expect(validateMessage({ text: 'a', blocks })).toEqual([]);
    expect(validateMessage({ text: 'a', blocks: [...blocks, section()] })).toEqual(['msg_blocks_too_long']);
  });

  test('text', () => {
    expect(validateMessage({ text: long(LIMITS.message.text) })).toEqual([]);
    expect(validateMessage({ text: long(LIMITS.message.text + 1) })).toEqual(['msg_too_long']);
  });
});

describe('shapes', () => {
  test.each<[string, object]>([
    ['unsupported type: sectoin [json-pointer:/blocks/0/type]', { type: 'sectoin', text: mrkdwn('a') }],
    ['missing required field: type [json-pointer:/blocks/0]', { text: mrkdwn('a') }],
    ['missing required field: elements [json-pointer:/blocks/0]', { type: 'context' }],
    ['invalid additional property: colour [json-pointer:/blocks/0]', section({ colour: 'red' })],
    ['must define either `text` or `fields` [json-pointer:/blocks/0]', { type: 'section' }],
    ['unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]', { type: 'header', text: mrkdwn('a') }],
    ['unsupported type: mrkdwn [json-pointer:/blocks/0/elements/0/text/type]', actions(button({ text: mrkdwn('a') }))],
    ['must provide an object [json-pointer:/blocks/0/text]', section({ text: 'a' })],
    ['must be more than 0 characters [json-pointer:/blocks/0/text/text]', section({ text: mrkdwn('') })],
    ['no less than 1 items allowed [json-pointer:/blocks/0/elements]', actions()],
    [
      'invalid additional property: emoji [json-pointer:/blocks/0/text]',
      section({ text: { ...mrkdwn('a'), emoji: true } }),
    ],
    ['must be a boolean [json-pointer:/blocks/0/expand]', section({ expand: 'yes' })],
    ['must be a valid enum value [json-pointer:/blocks/0/elements/0/style]', actions(button({ style: 'green' }))],
    ['does not match the pattern [json-pointer:/blocks/0/elements/0/url]', actions(button({ url: 'not a link' }))],
    [
      'unsupported type: plain_text_input [json-pointer:/blocks/0/elements/0/type]',
      actions({ type: 'plain_text_input' }),
    ],
    ['unsupported type: section [json-pointer:/blocks/0/elements/0/type]', { type: 'context', elements: [section()] }],
    [
      'must define only one of `options` or `option_groups` [json-pointer:/blocks/0/accessory]',
      section({ accessory: select({ option_groups: [{ label: plain('a'), options: [option()] }] }) }),
    ],
    [
      '`action_id` "go" already exists [json-pointer:/blocks/0/elements/1/action_id]',
      actions(button({ action_id: 'go' }), button({ action_id: 'go' })),
    ],
  ])('%s', (complaint, block) => {
    expect(validateMessage({ text: 'a', blocks: [block] })).toEqual([`invalid_blocks: ${complaint}`]);
  });

  test('block ids are unique in a message, action ids in a block', () => {
    const same = (id: string) => ({ ...actions(button({ action_id: 'go' })), block_id: id });
    expect(validateMessage({ text: 'a', blocks: [same('x'), same('y')] })).toEqual([]);
    expect(validateMessage({ text: 'a', blocks: [same('x'), same('x')] })).toEqual([
      'invalid_blocks: `block_id` "x" already exists [json-pointer:/blocks/1/block_id]',
    ]);
  });

  test('a rich message is fine, and so are blocks inside attachments', () => {
    const rich = {
      type: 'rich_text',
      elements: [
        { type: 'rich_text_section', elements: [{ type: 'text', text: 'hi', style: { bold: true } }] },
        {
          type: 'rich_text_list',
          style: 'bullet',
          elements: [{ type: 'rich_text_section', elements: [{ type: 'user', user_id: 'U0DBA000001' }] }],
        },
      ],
    };
    expect(validateMessage({ text: 'a', blocks: [rich] })).toEqual([]);
    expect(validateMessage({ text: 'a', attachments: [{ color: '#f00', blocks: [rich] }] })).toEqual([]);
    expect(validateMessage({ attachments: [{ blocks: [{ type: 'header', text: mrkdwn('a') }] }] })).toEqual([
      'invalid_attachments: unsupported type: mrkdwn [json-pointer:/attachments/0/blocks/0/text/type]',
    ]);
  });
});

describe('over the wire', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await startBench();
  });
  afterAll(() => bench.close());

  test('the answer names the place, as Slack does', async () => {
    const blocks = [section(), { type: 'header', text: plain(long(151)) }];
    const call = () => bench.client.apiCall('chat.postMessage', { channel: '#incidents', text: 'a', blocks });
    expect(await outcome(call())).toBe('invalid_blocks');
    expect(await complaints(call())).toEqual([
      '[ERROR] must be less than 151 characters [json-pointer:/blocks/1/text/text]',
    ]);
    await expect(call()).rejects.toMatchObject({
      data: { errors: ['must be less than 151 characters [json-pointer:/blocks/1/text/text]'] },
    });
  });

  test('too much text, and too many tables', async () => {
    const send = (blocks: object[]) =>
      outcome(bench.client.apiCall('chat.postMessage', { channel: '#incidents', text: 'a', blocks }));
    expect(await send(times(5, () => section({ text: mrkdwn(long(2_900)) })))).toBe('msg_blocks_too_long');
    const table = { type: 'table', rows: [[{ type: 'raw_text', text: 'a' }]] };
    expect(await send([table, table])).toBe('only_one_table_allowed');
    expect(await send([table])).toBe('ok');
    expect(bench.slack.posted().flatMap(({ draft }) => validateMessage(draft))).toEqual([]);
  });

  test('Slack names blocks and buttons that have no name', async () => {
    await bench.client.apiCall('chat.postMessage', { channel: '#incidents', text: 'a', blocks: [actions(button())] });
    const message = bench.slack.channel('incidents').messages().at(-1);
    expect(message?.blocks).toMatchObject([
      { block_id: expect.stringMatching(/^\w{5}$/), elements: [{ action_id: expect.stringMatching(/^\w{5}$/) }] },
    ]);
  });
});
