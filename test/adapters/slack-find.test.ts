import { describe, expect, test } from 'vitest';
import { fault } from './slack-bench.ts';
import { patient, useSlackWorld } from './slack-world.ts';

const world = useSlackWorld();
const KEY = 'run-1/done';
const sent = (method: string) => world.bench.callsOf(method).map(({ fields }) => fields);
const marked = (facts: Record<string, unknown>, key: unknown = KEY, event_type = 'muster_post') => ({
  ...{ type: 'message', ts: '9.9', text: KEY, metadata: { event_type, event_payload: { key } } },
  ...facts,
});

describe('finding a message again', () => {
  const find = () => world.slack.chat.find('C1', KEY, patient());
  const history = (...messages: object[]) =>
    world.bench.on('conversations.history', { ok: true, messages, has_more: false });

  test('by its key, the newest', async () => {
    history(
      { ts: '9.0', text: KEY, user: 'UBOT1' },
      marked({ ts: '8.0', bot_id: 'BBOT1' }),
      marked({ ts: '7.0', user: 'UBOT1' }),
    );
    expect(await find()).toEqual({ channel: 'C1', ts: '8.0' });
    expect(sent('conversations.history')).toEqual([{ channel: 'C1', limit: '200', include_all_metadata: 'true' }]);
  });

  test.each<[string, object]>([
    ["somebody else's with our key", marked({ user: 'U1' })],
    ["another bot's with our key", marked({ user: 'U9', bot_id: 'BOTHER' })],
    ['ours with another key', marked({ user: 'UBOT1' }, `${KEY}2`)],
    ['ours with a key that is no text', marked({ user: 'UBOT1' }, { key: KEY })],
    ['ours with metadata of another kind', marked({ user: 'UBOT1' }, KEY, 'other_post')],
    ['ours without metadata', { ts: '9.9', user: 'UBOT1', text: KEY }],
  ])('not %s', async (_name, message) => {
    history(message);
    expect(await find()).toBeUndefined();
  });

  test('page by page, five at most', async () => {
    const page = { ok: true, messages: [], has_more: true, response_metadata: { next_cursor: 'more' } };
    world.bench.on('conversations.history', page, { ok: true, messages: [marked({ user: 'UBOT1' })] });
    expect(await find()).toEqual({ channel: 'C1', ts: '9.9' });
    world.bench.on('conversations.history', page);
    expect(await find()).toBeUndefined();
    expect(sent('conversations.history')).toHaveLength(7);
  });

  test('is never "not there" when Slack did not say so', async () => {
    world.bench.on('conversations.history', fault.status(500));
    await expect(find()).rejects.toMatchObject({ code: 'CHAT_UNANSWERED' });
  });
});

describe('a file', () => {
  const CONTENT = 'namespace: ü\n';
  const attach = () =>
    world.slack.chat.attach(
      { channel: 'C1', ts: '17.1' },
      { name: 'plan.txt', title: 'The plan', content: CONTENT },
      patient(),
    );
  const replies = (...messages: object[]) => world.bench.on('conversations.replies', { ok: true, messages });
  const ready = (upload_url: string) => {
    world.bench.on('files.getUploadURLExternal', { ok: true, upload_url, file_id: 'F1' });
    world.bench.on('/upload/v1/x', (response) => response.end('OK - 13'));
    world.bench.on('files.completeUploadExternal', { ok: true, files: [{ id: 'F1' }] });
  };
  const here = () => `http://127.0.0.1:${world.bench.port}/upload/v1/x`;

  test('goes into the thread, byte for byte', async () => {
    replies({ ts: '17.1', user: 'UBOT1' });
    ready(here());
    await attach();
    expect(sent('files.getUploadURLExternal')).toEqual([{ filename: 'plan.txt', length: '14' }]);
    expect(world.bench.callsOf('/upload/v1/x')).toMatchObject([{ body: CONTENT }]);
    expect(world.bench.callsOf('/upload/v1/x')[0]?.headers.authorization).toBeUndefined();
    const [done] = sent('files.completeUploadExternal');
    expect(done).toMatchObject({ channel_id: 'C1', thread_ts: '17.1' });
    expect(JSON.parse(done?.['files'] ?? '')).toEqual([{ id: 'F1', title: 'The plan' }]);
  });

  test('is not put there twice', async () => {
    replies({ ts: '17.1', user: 'UBOT1' }, { ts: '17.2', user: 'UBOT1', files: [{ id: 'F0', name: 'plan.txt' }] });
    await attach();
    expect(sent('files.getUploadURLExternal')).toEqual([]);
  });

  test("is put there although somebody else's has that name", async () => {
    replies({ ts: '17.1', user: 'UBOT1' }, { ts: '17.2', user: 'U1', files: [{ id: 'F0', name: 'plan.txt' }] });
    ready(here());
    await attach();
    expect(sent('files.completeUploadExternal')).toHaveLength(1);
  });

  test('goes to no foreign address', async () => {
    replies();
    ready('http://169.254.169.254/upload');
    await expect(attach()).rejects.toMatchObject({ code: 'CHAT_REFUSED' });
    expect(sent('files.completeUploadExternal')).toEqual([]);
  });

  test.each<[string, Parameters<typeof world.bench.on>[1], string]>([
    ['500', fault.status(500), 'CHAT_UNANSWERED'],
    ['429', fault.status(429), 'CHAT_UNREACHABLE'],
    ['a reset', fault.reset, 'CHAT_UNANSWERED'],
    ['a redirect', fault.status(302, { location: '/elsewhere' }), 'CHAT_UNANSWERED'],
  ])('whose bytes did not arrive is not shown: %s', async (_name, reply, code) => {
    replies();
    ready(here());
    world.bench.on('/upload/v1/x', reply);
    await expect(attach()).rejects.toMatchObject({ code });
    expect(sent('files.completeUploadExternal')).toEqual([]);
    expect(sent('/elsewhere')).toEqual([]);
  });
});
