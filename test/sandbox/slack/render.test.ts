import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Bench, startBench } from './client.ts';

let bench: Bench;
let channel: string;
beforeEach(async () => {
  // 10:00:00 UTC; a second passes with each look at the clock.
  let clock = Date.UTC(2026, 10, 26, 10);
  bench = await startBench({
    now: () => {
      clock += 10;
      return clock;
    },
  });
  channel = bench.slack.channels.incidents;
});
afterEach(() => bench.close());

async function post(args: object): Promise<{ ts: string }> {
  const answer = await bench.client.apiCall('chat.postMessage', { channel, ...args });
  return { ts: 'ts' in answer ? String(answer.ts) : '' };
}
const body = (as?: string) =>
  bench.slack
    .renderChannel('incidents', as === undefined ? {} : { as })
    .split('\n')
    .slice(2)
    .map((line) => line.replace(/^(\s*)\d\d:\d\d:\d\d/, '$1hh:mm:ss'))
    .join('\n');
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const plain = (text: string) => ({ type: 'plain_text', text });
const button = (label: string, more: object = {}) => ({
  type: 'button',
  text: plain(label),
  action_id: label,
  ...more,
});
const ask = { title: plain('Reject?'), text: plain('Nothing will run.'), confirm: plain('Yes'), deny: plain('No') };

test('a card with everything on it', async () => {
  const { client, slack } = bench;
  const { ts } = await post({
    text: 'only for notifications',
    blocks: [
      { type: 'header', text: plain('Restore data-processing') },
      { type: 'section', text: mrkdwn(`*Requested* by <@${slack.users.oncall}> &amp; <!subteam^S0DRLEADS01>`) },
      { type: 'section', fields: [mrkdwn('*Backup*\nnightly-3'), mrkdwn('*Age*\n4 h'), plain('odd')] },
      { type: 'divider' },
      { type: 'context', elements: [mrkdwn('in <#C0INCIDENT1>'), plain('plan 1a2b')] },
      { type: 'actions', elements: [button('Approve', { style: 'primary' }), button('Reject', { confirm: ask })] },
      {
        type: 'section',
        text: mrkdwn('see <https://a.example/r|the runbook>'),
        accessory: button('Open', { url: 'https://a.example' }),
      },
    ],
  });
  await post({ text: 'on it', thread_ts: ts });
  await client.pins.add({ channel, timestamp: ts });
  await client.reactions.add({ channel, timestamp: ts, name: 'eyes' });
  slack.people.say({ user: 'dba', channel: 'incidents', text: 'thanks @muster' });
  expect(body()).toBe(`hh:mm:ss muster [app] (pinned)
  == Restore data-processing ==
  *Requested* by @oncall & @dr-leads
  *Backup*                               *Age*
  nightly-3                              4 h
  odd
  ────────────────────────────────────────
  · in #incidents  plan 1a2b
  [1: Approve] [2: Reject (asks: Reject?: Nothing will run.)]
  see the runbook (https://a.example/r)
  [3: Open -> https://a.example]
  :eyes: 1
    hh:mm:ss muster [app]
      on it
hh:mm:ss -- @muster pinned a message to this channel.
hh:mm:ss dba
  thanks @muster
`);
});

test('numbers go through the channel, ephemeral messages included, and say what can be pressed', async () => {
  const { client, slack } = bench;
  await post({ text: 'a', blocks: [{ type: 'actions', elements: [button('One', { value: 'dr one' })] }] });
  await client.chat.postEphemeral({
    channel,
    user: slack.users.dba,
    text: 'secret',
    blocks: [{ type: 'actions', elements: [button('Two')] }] as never,
  });
  await post({ text: 'b', blocks: [{ type: 'actions', elements: [button('Three')] }] });
  expect(body('dba')).toBe(`hh:mm:ss muster [app]
  [1: One]
hh:mm:ss muster [app] (Only visible to you)
  [2: Two]
hh:mm:ss muster [app]
  [3: Three]
`);
  expect(body()).not.toContain('Two');
  const labels = (as?: string) =>
    slack.pressable('incidents', as === undefined ? {} : { as }).map(({ number, label }) => `${number} ${label}`);
  expect(labels('dba')).toEqual(['1 One', '2 Two', '3 Three']);
  expect(labels()).toEqual(['1 One', '2 Three']);
  expect(slack.pressable('incidents')[0]).toMatchObject({ actionId: 'One', value: 'dr one', asks: undefined });
});

test('edits, notices, the topic and what is archived', async () => {
  const { client, slack } = bench;
  const { ts } = await post({ text: 'one' });
  await client.chat.update({ channel, ts, text: 'two\nlines' });
  await client.conversations.setTopic({ channel, topic: 'sev1 &gt; all' });
  await client.bookmarks.add({ channel_id: channel, title: 'Runbook', type: 'link', link: 'https://a.example' });
  expect(body()).toContain(
    'hh:mm:ss muster [app] (edited)\n  two\n  lines\nhh:mm:ss -- @muster set the channel topic: sev1 > all',
  );
  await client.conversations.archive({ channel });
  const screen = slack.renderChannel('incidents').split('\n');
  expect(screen.slice(0, 3)).toEqual([
    '#incidents (archived)',
    'Topic: sev1 > all',
    'Bookmark: Runbook (https://a.example)',
  ]);
  expect(screen.slice(4)[0]).toMatch(/^10:00:0\d muster \[app\] \(edited\)$/);
});

test('lists, tables, attachments, markdown and menus', async () => {
  const leaf = (text: string) => ({ type: 'rich_text_section', elements: [{ type: 'text', text }] });
  await post({
    text: 'a',
    blocks: [
      {
        type: 'rich_text',
        elements: [leaf('steps'), { type: 'rich_text_list', style: 'ordered', elements: [leaf('a'), leaf('b')] }],
      },
      {
        type: 'table',
        rows: [
          ['name', 'n'],
          ['pods', '12'],
        ].map((row) => row.map((text) => ({ type: 'raw_text', text }))),
      },
      { type: 'markdown', text: '**bold**' },
      { type: 'image', image_url: 'https://a.example/i.png', alt_text: 'graph' },
      {
        type: 'section',
        text: mrkdwn('pick'),
        accessory: {
          type: 'static_select',
          action_id: 's',
          placeholder: plain('Severity'),
          options: [{ text: plain('Sev 1'), value: 'sev1' }],
        },
      },
    ],
    attachments: [{ color: '#f00', blocks: [{ type: 'section', text: mrkdwn('attached') }] }],
  });
  expect(body()).toBe(`hh:mm:ss muster [app]
  steps
  1. a
  2. b
  name | n
  pods | 12
  **bold**
  [image: graph] https://a.example/i.png
  pick
  [1: Severity {sev1}]
  | attached
`);
});

test('text from outside gives the terminal no orders', async () => {
  await post({ text: 'a\u001b[31mred\u0007 \u202eevil <https://a.example> <mailto:a@b.c|a@b.c> <!here> <nothing>' });
  expect(body()).toContain('a[31mred evil https://a.example a@b.c @here <nothing>');
});
