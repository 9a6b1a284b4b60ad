import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Bench, outcome, startBench } from './client.ts';

let bench: Bench;
let channel: string;
beforeEach(async () => {
  bench = await startBench();
  channel = bench.slack.channels.incidents;
});
afterEach(() => bench.close());

async function reserve(length: number): Promise<{ id: string; url: string }> {
  const answer = await bench.client.files.getUploadURLExternal({ filename: 'run.log', length });
  return { id: answer.file_id ?? '', url: answer.upload_url ?? '' };
}

test('filesUploadV2 of the real client: the file is shared as a message in the thread', async () => {
  const { client, slack } = bench;
  const { ts = '' } = await client.chat.postMessage({ channel, text: 'report' });
  await client.filesUploadV2({
    channel_id: channel,
    thread_ts: ts,
    filename: 'report.md',
    title: 'Report',
    content: '# Done',
    initial_comment: 'The report',
  });
  expect(slack.files()).toMatchObject([{ name: 'report.md', title: 'Report', size: 6, mimetype: 'text/markdown' }]);
  expect(slack.files()[0]?.content.toString()).toBe('# Done');
  expect(slack.channel('incidents').messages()[1]).toMatchObject({
    text: 'The report',
    thread_ts: ts,
    files: [{ name: 'report.md' }],
  });
  expect(slack.renderChannel('incidents')).toContain('[file: Report (report.md), 6 B]');
});

test('by hand: reserve, upload, complete, read', async () => {
  const { client, slack } = bench;
  const { id, url } = await reserve(5);
  expect((await fetch(url, { method: 'POST', body: 'hello' })).status).toBe(200);
  await client.files.completeUploadExternal({ files: [{ id, title: 'Log' }], channel_id: channel });
  const { file } = await client.files.info({ file: id });
  expect(file).toMatchObject({ id, title: 'Log', size: 5, channels: [channel] });
  const download = file?.url_private ?? '';
  expect((await fetch(download)).status).toBe(401);
  const headers = { authorization: `Bearer ${slack.botToken}` };
  expect(await (await fetch(download, { headers })).text()).toBe('hello');
  expect((await client.files.list({ channel })).files).toMatchObject([{ id }]);
  expect((await client.files.list({ channel: slack.channels['data-platform'] })).files).toEqual([]);
  expect(await outcome(client.files.completeUploadExternal({ files: [{ id }] }))).toBe('file_update_failed');
});

test('refusals', async () => {
  const { client, slack } = bench;
  const { id, url } = await reserve(5);
  const complete = (args: object) =>
    outcome(client.apiCall('files.completeUploadExternal', { files: [{ id }], ...args }));
  expect(await complete({ channel_id: channel })).toBe('file_not_found');
  expect((await fetch(url, { method: 'POST', body: 'much too long' })).status).toBe(400);
  expect((await fetch(url.slice(0, -1), { method: 'POST', body: 'hello' })).status).toBe(404);
  await fetch(url, { method: 'POST', body: 'hello' });
  expect(await complete({ channel_id: slack.channels.random })).toBe('not_in_channel');
  expect(await complete({ channel_id: channel, thread_ts: '1.000001' })).toBe('thread_not_found');
  expect(await complete({ files: [] })).toBe('invalid_arguments');
  expect(await complete({ channel_id: channel })).toBe('ok');
  expect(await outcome(client.files.info({ file: 'F0NONE' }))).toBe('file_not_found');
  expect(await outcome(client.files.getUploadURLExternal({ filename: 'a', length: 0 }))).toBe('invalid_arguments');
});
