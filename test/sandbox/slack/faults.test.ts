import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Fault } from '../../../sandbox/slack/faults.ts';
import { type Bench, connect, outcome, startBench } from './client.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
});
afterEach(() => bench.close());

const post = (text = 'a') => bench.client.chat.postMessage({ channel: bench.slack.channels.incidents, text });
const texts = () =>
  bench.slack
    .channel('incidents')
    .messages()
    .map(({ text }) => text);
const answers = () => bench.slack.calls().map(({ answer }) => answer);

describe('faults', () => {
  test.each<[string, Fault, object, string, string[]]>([
    ['a code', { kind: 'status', code: 500 }, { statusCode: 500 }, 'http 500', []],
    ['a code after the effect', { kind: 'status-after', code: 502 }, { statusCode: 502 }, 'http 502', ['a']],
    ['429', { kind: 'ratelimited', retryAfter: 7 }, { retryAfter: 7 }, 'ratelimited', []],
    [
      'a revoked token',
      { kind: 'error', error: 'token_revoked' },
      { data: { error: 'token_revoked' } },
      'token_revoked',
      [],
    ],
    ['a dropped call', { kind: 'reset' }, { code: 'slack_webapi_request_error' }, 'dropped', []],
    ['a dropped answer', { kind: 'reset-after' }, { code: 'slack_webapi_request_error' }, 'dropped after', ['a']],
  ])('%s', async (_name, fault, error, answer, stored) => {
    bench.slack.faults.add({ ...fault, times: 1, match: { method: 'chat.postMessage' } });
    await expect(post()).rejects.toMatchObject(error);
    expect(texts()).toEqual(stored);
    expect(answers()).toEqual([answer]);
    await post('b');
    expect(texts()).toEqual([...stored, 'b']);
  });

  test.each<[Fault, string[]]>([
    [{ kind: 'hang' }, []],
    [{ kind: 'hang-after' }, ['a']],
  ])('%j: the client gives up', async (fault, stored) => {
    bench.slack.faults.add({ ...fault, times: 1 });
    const impatient = connect(bench.slack, bench.slack.botToken, { timeout: 100 });
    await expect(impatient.chat.postMessage({ channel: '#incidents', text: 'a' })).rejects.toThrow();
    expect(texts()).toEqual(stored);
  });

  test('garbage in place of an answer', async () => {
    bench.slack.faults.add({ kind: 'garbage', times: 1 });
    await expect(post()).rejects.toThrow();
    expect(texts()).toEqual([]);
  });

  test('slow', async () => {
    bench.slack.faults.add({ kind: 'slow', ms: 120 });
    const started = performance.now();
    await post();
    expect(performance.now() - started).toBeGreaterThan(110);
  });

  test('down and up again on the same port; what was said is still there', async () => {
    await post();
    await bench.slack.faults.down();
    await expect(post('b')).rejects.toMatchObject({ code: 'slack_webapi_request_error' });
    await bench.slack.faults.up();
    await post('c');
    expect(texts()).toEqual(['a', 'c']);
  });

  test('for some calls, for a time, until removed', async () => {
    const { faults } = bench.slack;
    faults.add({ kind: 'status', code: 503, match: { args: /"text":"bad"/ } });
    const remove = faults.add({ kind: 'error', error: 'account_inactive', match: { method: /^users\./ } });
    expect(await outcome(post('good'))).toBe('ok');
    await expect(post('bad')).rejects.toMatchObject({ statusCode: 503 });
    expect(await outcome(bench.client.users.list({}))).toBe('account_inactive');
    remove();
    expect(await outcome(bench.client.users.list({}))).toBe('ok');
    faults.clear();
    faults.add({ kind: 'status', code: 503, forMs: 50 });
    await expect(post()).rejects.toMatchObject({ statusCode: 503 });
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(await outcome(post())).toBe('ok');
  });
});

describe('rate limits', () => {
  test('messages by channel, methods by tier, and the client waits as told', async () => {
    const { slack, client } = bench;
    slack.rateLimits.on();
    for (const text of ['1', '2', '3']) await post(text);
    await expect(post('4')).rejects.toMatchObject({ retryAfter: 1 });
    expect(await outcome(client.chat.postMessage({ channel: slack.channels['data-platform'], text: 'a' }))).toBe('ok');
    for (let index = 0; index < 20; index += 1) await client.users.list({});
    await expect(client.users.list({})).rejects.toMatchObject({ retryAfter: 3 });
    const patient = connect(slack, slack.botToken, {
      rejectRateLimitedCalls: false,
      retryConfig: { retries: 1 },
    });
    await patient.chat.postMessage({ channel: slack.channels.incidents, text: '5' });
    expect(texts()).toEqual(['1', '2', '3', '5']);
    slack.rateLimits.off();
    expect(await outcome(client.users.list({}))).toBe('ok');
  });
});

test('what happens around a call can be watched, and the call waits for the watcher', async () => {
  const seen: string[] = [];
  const stop = bench.slack.onCall(async ({ method, phase, args, answer }) => {
    await new Promise((resolve) => setTimeout(resolve, 10));
    seen.push(`${phase} ${method} ${String(args['text'])} ${texts().length} ${answer}`);
  });
  await post();
  stop();
  await post('b');
  expect(seen).toEqual(['before chat.postMessage a 0 undefined', 'after chat.postMessage a 1 ok']);
});

test('calls are remembered without the token', async () => {
  await bench.client.apiCall('chat.postMessage', { channel: '#incidents', text: 'a', token: bench.slack.botToken });
  expect(bench.slack.calls()).toMatchObject([{ method: 'chat.postMessage', answer: 'ok', args: { text: 'a' } }]);
  expect(JSON.stringify(bench.slack.calls())).not.toContain('xoxb');
});

describe('bodies', () => {
  const send = async (body: string, type: string | undefined, token = true) => {
    const headers: Record<string, string> = token ? { authorization: `Bearer ${bench.slack.botToken}` } : {};
    if (type !== undefined) headers['content-type'] = type;
    const response = await fetch(`${bench.slack.url}chat.postMessage`, {
      method: 'POST',
      headers,
      body: new TextEncoder().encode(body),
    });
    return ((await response.json()) as { error?: string }).error ?? 'ok';
  };

  test('JSON and forms', async () => {
    const blocks = [{ type: 'divider' }];
    const message = { channel: '#incidents', text: 'a', blocks };
    expect(await send(JSON.stringify(message), 'application/json; charset=utf-8')).toBe('ok');
    const form = new URLSearchParams({ ...message, blocks: JSON.stringify(blocks) });
    expect(await send(form.toString(), 'application/x-www-form-urlencoded')).toBe('ok');
    form.set('token', bench.slack.botToken);
    expect(await send(form.toString(), 'application/x-www-form-urlencoded', false)).toBe('ok');
    expect(texts()).toEqual(['a', 'a', 'a']);
  });

  test.each([
    ['invalid_json', '{', 'application/json'],
    ['json_not_object', '[]', 'application/json'],
    ['invalid_post_type', 'a', 'text/plain'],
    ['missing_post_type', 'a', undefined],
  ])('%s', async (error, body, type) => {
    expect(await send(body, type)).toBe(error);
  });

  test('a token inside JSON counts for nothing', async () => {
    const body = JSON.stringify({ token: bench.slack.botToken, channel: '#incidents', text: 'a' });
    expect(await send(body, 'application/json', false)).toBe('not_authed');
  });
});
