import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Bench, complaints, outcome, type Receiver, startBench, startReceiver } from './client.ts';

let bench: Bench;
let app: Receiver;
let ts: string;
beforeEach(async () => {
  app = await startReceiver();
  bench = await startBench({ botUrl: app.url, ackMs: 1_000 });
  ts = await post(card);
});
afterEach(async () => {
  await bench.close();
  await app.close();
});

const plain = (text: string) => ({ type: 'plain_text' as const, text });
const confirm = { title: plain('Reject?'), text: plain('Nothing runs.'), confirm: plain('Yes'), deny: plain('No') };
const card = [
  {
    type: 'actions',
    block_id: 'decide',
    elements: [
      { type: 'button', action_id: 'approve', text: plain('Approve'), value: 'dr approve r1' },
      { type: 'button', action_id: 'reject', text: plain('Reject'), value: 'dr reject r1', confirm },
    ],
  },
  {
    type: 'section',
    block_id: 'pick',
    text: plain('Severity'),
    accessory: { type: 'static_select', action_id: 'severity', options: [{ text: plain('Sev 1'), value: 'sev1' }] },
  },
];

async function post(blocks: object[]): Promise<string> {
  const message = { channel: bench.slack.channels.incidents, text: 'card', blocks };
  return ((await bench.client.apiCall('chat.postMessage', message)) as { ts?: string }).ts ?? '';
}
const payload = (index = 0) =>
  JSON.parse(new URLSearchParams(app.received[index]?.body ?? '').get('payload') ?? '{}') as Record<string, unknown>;
const click = (button: string | number, more: object = {}) =>
  bench.slack.deliver.click({ user: 'lead', channel: 'incidents', button, ...more });

describe('a button', () => {
  test('sends a complete payload', async () => {
    const { slack } = bench;
    const delivery = await click('approve');
    expect(delivery).toMatchObject({ status: 200, error: undefined, triggerId: expect.any(String) });
    expect(payload()).toMatchObject({
      type: 'block_actions',
      user: { id: slack.users.lead, username: 'lead', team_id: slack.team.id },
      api_app_id: slack.appId,
      container: { type: 'message', message_ts: ts, channel_id: slack.channels.incidents, is_ephemeral: false },
      trigger_id: delivery?.triggerId,
      team: { id: slack.team.id, domain: 'sandbox' },
      channel: { id: slack.channels.incidents, name: 'incidents' },
      message: { ts, text: 'card', bot_id: slack.botId },
      state: { values: {} },
      response_url: expect.stringContaining('/actions/'),
      actions: [
        {
          type: 'button',
          action_id: 'approve',
          block_id: 'decide',
          value: 'dr approve r1',
          action_ts: expect.any(String),
        },
      ],
    });
  });

  test('is found by id, label or number, in the newest message that has it', async () => {
    const newer = await post(card);
    for (const button of ['approve', 'Approve', 4]) await click(button);
    await click('approve', { ts });
    expect(app.received.map((_, index) => (payload(index)['container'] as { message_ts: string }).message_ts)).toEqual([
      newer,
      newer,
      newer,
      ts,
    ]);
  });

  test('asks first', async () => {
    await expect(click('Reject')).rejects.toThrow('"Reject" asks first (Reject?: Nothing runs.)');
    expect(await click('Reject', { confirm: false })).toBeUndefined();
    expect(app.received).toEqual([]);
    expect(await click('Reject', { confirm: true })).toMatchObject({ status: 200 });
  });

  test('that is gone cannot be pressed, but its payload can still be sent', async () => {
    const { client, slack } = bench;
    const stale = slack.deliver.buildClick({ user: 'lead', channel: 'incidents', button: 'approve' });
    await client.chat.update({ channel: slack.channels.incidents, ts, text: 'done', blocks: [] });
    await expect(click('approve')).rejects.toThrow('there is no button approve in incidents for lead');
    await slack.deliver.payload(stale);
    await slack.deliver.payload({ ...stale, user: { id: slack.users.stranger } });
    expect(payload(0)).toMatchObject({ user: { id: slack.users.lead }, message: { text: 'card' } });
    expect(payload(1)).toMatchObject({ user: { id: slack.users.stranger } });
  });

  test('out of reach: of somebody else, of another channel', async () => {
    const { client, slack } = bench;
    await client.apiCall('chat.postEphemeral', {
      channel: slack.channels.incidents,
      user: slack.users.dba,
      text: 'a',
      blocks: [{ type: 'actions', elements: [{ type: 'button', action_id: 'mine', text: plain('Mine') }] }],
    });
    await expect(click('mine')).rejects.toThrow('no button');
    await expect(click('approve', { channel: 'data-platform' })).rejects.toThrow('no button');
    await slack.deliver.click({ user: 'dba', channel: 'incidents', button: 'mine' });
    expect(payload()).toMatchObject({ container: { is_ephemeral: true } });
    expect(payload()).not.toHaveProperty('message');
  });

  test('that the app does not answer shows an error', async () => {
    app.answer = undefined;
    expect(await click('approve')).toMatchObject({ error: 'operation_timeout' });
    expect(bench.slack.renderChannel('incidents', { as: 'lead' })).toContain(
      '"Approve" failed with the error "operation_timeout"',
    );
  });

  test('a menu carries what was chosen', async () => {
    await click('severity', { choice: 'sev1' });
    expect(payload()).toMatchObject({
      actions: [{ type: 'static_select', selected_option: { value: 'sev1' } }],
      state: { values: { pick: { severity: { selected_option: { value: 'sev1' } } } } },
    });
    await expect(click('severity')).rejects.toThrow('say what to choose');
    await expect(click('severity', { choice: 'sev9' })).rejects.toThrow('nothing to choose with the value sev9');
  });

  test('its response URL replaces or deletes the message', async () => {
    await click('approve');
    const url = String(payload()['response_url']);
    const headers = { 'content-type': 'application/json' };
    const respond = (body: object) => fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
    await respond({ replace_original: true, text: 'approved' });
    expect(bench.slack.channel('incidents').messages()).toMatchObject([{ ts, text: 'approved', edited: {} }]);
    expect(bench.slack.posted().map(({ version, how }) => [version, how])).toEqual([
      [1, 'post'],
      [2, 'response_url'],
    ]);
    await respond({ delete_original: true });
    expect(bench.slack.channel('incidents').messages()).toEqual([]);
  });
});

test('shortcuts, on a message and global', async () => {
  const { deliver } = bench.slack;
  await deliver.shortcut({ user: 'dba', callbackId: 'note', on: { channel: 'incidents', ts } });
  await deliver.shortcut({ user: 'dba', callbackId: 'declare' });
  expect(payload(0)).toMatchObject({
    type: 'message_action',
    callback_id: 'note',
    message_ts: ts,
    message: { text: 'card' },
  });
  expect(payload(1)).toMatchObject({ type: 'shortcut', callback_id: 'declare' });
  expect(payload(1)).not.toHaveProperty('channel');
});

describe('a modal', () => {
  const reason = {
    type: 'input',
    block_id: 'why',
    label: plain('Reason'),
    element: { type: 'plain_text_input', action_id: 'reason', multiline: true },
  };
  const modal = (more: object = {}) => ({
    type: 'modal',
    callback_id: 'reject',
    title: plain('Reject'),
    submit: plain('Reject'),
    private_metadata: 'r1',
    blocks: [reason],
    ...more,
  });
  const open = async (view: object) => {
    const delivery = await click('approve');
    return bench.client.apiCall('views.open', { trigger_id: delivery?.triggerId ?? '', view });
  };
  const submit = (values: Record<string, string>) => bench.slack.deliver.submitView({ user: 'lead', values });

  test('is opened, filled in and submitted', async () => {
    await open(modal());
    await expect(submit({})).rejects.toThrow('the field why must be filled in');
    await expect(submit({ reason: 'no', other: 'x' })).rejects.toThrow('the modal has no field other');
    expect(await submit({ reason: 'too old' })).toMatchObject({ status: 200 });
    expect(payload(1)).toMatchObject({
      type: 'view_submission',
      user: { id: bench.slack.users.lead },
      view: {
        callback_id: 'reject',
        private_metadata: 'r1',
        state: { values: { why: { reason: { type: 'plain_text_input', value: 'too old' } } } },
      },
    });
    expect(bench.slack.views('lead')).toEqual([]);
    await expect(submit({ reason: 'again' })).rejects.toThrow('lead has no such modal open');
  });

  test('shows the errors of the answer, which must name its fields', async () => {
    await open(modal());
    app.answer = () => ({ json: { response_action: 'errors', errors: { why: 'too short' } } });
    await submit({ why: 'no' });
    expect(bench.slack.views('lead')).toMatchObject([{ errors: { why: 'too short' } }]);
    expect(bench.slack.violations()).toEqual([]);
    app.answer = () => ({ json: { response_action: 'errors', errors: { elsewhere: 'no' } } });
    await submit({ why: 'no' });
    expect(bench.slack.violations()).toEqual(['view_submission: errors must name input blocks: {"elsewhere":"no"}']);
    app.answer = undefined;
    await submit({ why: 'no' });
    expect(bench.slack.views('lead')).toMatchObject([{ errors: { '': 'We had some trouble connecting. Try again?' } }]);
  });

  test('is updated and pushed, by the answer or by a call', async () => {
    const { view } = (await open(modal())) as { view?: { id: string; hash: string } };
    const update = (more: object) =>
      outcome(
        bench.client.apiCall('views.update', { view_id: view?.id, view: modal({ private_metadata: 'r2' }), ...more }),
      );
    expect(await update({ hash: 'old' })).toBe('hash_conflict');
    expect(await update({ hash: view?.hash })).toBe('ok');
    expect(await update({ view_id: 'V0NONE' })).toBe('not_found');
    app.answer = () => ({ json: { response_action: 'push', view: modal({ callback_id: 'second' }) } });
    await submit({ why: 'no' });
    expect(bench.slack.views('lead').map(({ view: shown }) => shown['callback_id'])).toEqual(['reject', 'second']);
    app.answer = () => ({ json: { response_action: 'clear' } });
    await submit({ why: 'no' });
    expect(bench.slack.views('lead')).toEqual([]);
  });

  test('tells of its closing only when it asked to', async () => {
    await open(modal());
    expect(await bench.slack.deliver.closeView({ user: 'lead' })).toBeUndefined();
    await open(modal({ notify_on_close: true }));
    await bench.slack.deliver.closeView({ user: 'lead' });
    expect(payload(2)).toMatchObject({ type: 'view_closed', view: { callback_id: 'reject' } });
  });

  test.each<[string, object]>([
    ['missing required field: submit [json-pointer:/view]', { submit: undefined }],
    ['must be less than 25 characters [json-pointer:/view/title/text]', { title: plain('a'.repeat(25)) }],
    [
      'must be less than 3001 characters [json-pointer:/view/private_metadata]',
      { private_metadata: 'a'.repeat(3_001) },
    ],
    [
      'no more than 100 items allowed [json-pointer:/view/blocks]',
      { blocks: Array(101).fill({ type: 'divider' }), submit: undefined },
    ],
    ['unsupported type: markdown [json-pointer:/view/blocks/0/type]', { blocks: [{ type: 'markdown', text: 'a' }] }],
  ])('%s', async (complaint, more) => {
    expect(await complaints(open(modal(more)))).toEqual([`[ERROR] ${complaint}`]);
  });
});
