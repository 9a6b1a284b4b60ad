import { describe, expect, test, vi } from 'vitest';
import type { DeliveryAnswer } from '../../src/domain/delivery.ts';
import { DrError } from '../../src/errors.ts';
import { fault } from './slack-bench.ts';
import {
  awaitIdentity,
  buttonPayload,
  commandBody,
  eventBody,
  interactiveBody,
  send,
  useSlackWorld,
} from './slack-world.ts';

const world = useSlackWorld();
const ANSWERS = '/actions/secret';
const away = new DrError({ code: 'LEDGER_UNREACHABLE', message: 'Redis is away.', action: 'Wait.', retryable: true });

/** What the person was told through response_url. */
const told = () => world.bench.callsOf(ANSWERS).map(({ body }) => JSON.parse(body));
const button = () => interactiveBody(buttonPayload(world, 'approve run-1'));
const after = (ms: number, text: string) => async (): Promise<DeliveryAnswer> => {
  await new Promise((resolve) => setTimeout(resolve, ms));
  return { text, recorded: true };
};

describe('a command', () => {
  test('is answered at once, to the person alone', async () => {
    const blocks = [{ type: 'divider' as const }];
    world.answer = async () => ({ text: 'Requested.', blocks, recorded: true });
    const { status, body, ms } = await send(world, commandBody(world, 'status'));
    expect(status).toBe(200);
    expect(JSON.parse(body)).toMatchObject({ response_type: 'ephemeral', text: 'Requested.', blocks });
    expect(ms).toBeLessThan(2_000);
    expect(told()).toEqual([]);
  });

  test('that takes long is told so before Slack gives up, and answered when it is done', async () => {
    world.answer = after(3_200, 'Requested after all.');
    world.bench.on(ANSWERS, {});
    const { status, body, ms } = await send(world, commandBody(world, 'status'));
    expect(status).toBe(200);
    expect(JSON.parse(body).text).toBe('Working on it; the answer follows.');
    expect(ms).toBeGreaterThan(2_300);
    expect(ms).toBeLessThan(2_950);
    await vi.waitFor(() => expect(told()).toHaveLength(1), 3_000);
    expect(told()[0]).toEqual({ response_type: 'ephemeral', replace_original: false, text: 'Requested after all.' });
  });

  test('says what the callback says when nothing was recorded', async () => {
    const text = 'NOT recorded, nothing started: use `dr status` in a terminal.';
    world.answer = async () => ({ text, recorded: false });
    expect(JSON.parse((await send(world, commandBody(world, 'status'))).body).text).toBe(text);
  });

  test.each<[string, Error, RegExp]>([
    ['a known error', away, /^Redis is away. Wait. It cannot be told .* `\/dr runs`/],
    [
      'a defect, whose words stay in the log',
      new Error('password=x'),
      /^Muster could not finish this. It cannot be told/,
    ],
  ])('is answered when the callback throws: %s', async (_name, thrown, expected) => {
    world.answer = () => Promise.reject(thrown);
    const { status, body } = await send(world, commandBody(world, 'status'));
    expect(status).toBe(200);
    expect(JSON.parse(body).text).toMatch(expected);
    expect(JSON.parse(body).text).not.toContain('password');
    expect(world.log).toContainEqual(expect.objectContaining({ level: 'error', id: '1.2.abc' }));
  });
});

describe('a button', () => {
  test('is acknowledged empty, and answered beside the message', async () => {
    world.bench.on(ANSWERS, {});
    expect(await send(world, button())).toMatchObject({ status: 200, body: '' });
    await vi.waitFor(() => expect(told()).toHaveLength(1));
    expect(told()[0]).toEqual({ response_type: 'ephemeral', replace_original: false, text: 'Recorded.' });
  });

  test('whose answer is late', async () => {
    world.answer = after(2_800, 'Approved.');
    world.bench.on(ANSWERS, {});
    const { status, body, ms } = await send(world, button());
    expect({ status, body }).toEqual({ status: 200, body: '' });
    expect(ms).toBeLessThan(2_950);
    await vi.waitFor(() => expect(told()).toMatchObject([{ text: 'Approved.' }]), 3_000);
  });

  test('is not answered where there is nothing to say', async () => {
    world.answer = async () => ({ text: '', recorded: undefined });
    expect(await send(world, button())).toMatchObject({ status: 200, body: '' });
    await world.slack.close();
    expect(told()).toEqual([]);
  });
});

describe('an event', () => {
  const mention = () => eventBody({ type: 'app_mention', user: 'U1', text: 'hi', ts: '1.1', channel: 'C1' });

  test('is acknowledged when it is recorded', async () => {
    expect(await send(world, mention())).toMatchObject({ status: 200, body: '' });
  });

  test('is sent again by Slack when it could not be recorded', async () => {
    world.answer = () => Promise.reject(away);
    expect(await send(world, mention())).toMatchObject({ status: 503, body: '' });
    expect(await send(world, mention(), { 'x-slack-retry-num': '1' })).toMatchObject({ status: 503 });
    expect(world.deliveries.map(({ id }) => id)).toEqual(['Ev1', 'Ev1']);
  });

  test('is sent again when it is not recorded in time', async () => {
    world.answer = after(2_700, '');
    expect(await send(world, mention())).toMatchObject({ status: 503 });
  });

  test('of our own doing goes nowhere', async () => {
    await awaitIdentity(world);
    const own = eventBody({ type: 'message', user: 'UBOT1', bot_id: 'BBOT1', text: 'hi', ts: '1.1', channel: 'C1' });
    expect(await send(world, own)).toMatchObject({ status: 200, body: '' });
    expect(world.deliveries).toEqual([]);
  });
});

describe('the address that answers go to', () => {
  const lost = () =>
    vi.waitFor(
      () => expect(world.log.map(({ message }) => message)).toContain('an answer did not reach the person'),
      5_000,
    );

  test.each([
    'http://169.254.169.254/actions/secret',
    'https://hooks.slack.com/actions/secret',
    'file:///etc/passwd',
    'none',
  ])('is Slack, or nobody: %s', async (response_url) => {
    await send(world, interactiveBody({ ...buttonPayload(world, 'x'), response_url }));
    await lost();
    expect(told()).toEqual([]);
  });

  test('is on the origin we know, whatever else the address says', async () => {
    world.bench.on('//169.254.169.254/x', {});
    const response_url = `ftp://user:pass@127.0.0.1:${world.bench.port}//169.254.169.254/x`;
    await send(world, interactiveBody({ ...buttonPayload(world, 'x'), response_url }));
    await vi.waitFor(() => expect(world.bench.callsOf('//169.254.169.254/x')).toHaveLength(1));
  });

  test('is tried twice at most', async () => {
    world.bench.on(ANSWERS, fault.status(500));
    await send(world, button());
    await lost();
    expect(told()).toHaveLength(2);
  });

  test('is not followed elsewhere', async () => {
    world.bench.on(ANSWERS, fault.status(302, { location: `http://127.0.0.1:${world.bench.port}/elsewhere` }));
    await send(world, button());
    await lost();
    expect(world.bench.callsOf('/elsewhere')).toEqual([]);
  });

  test('is not tried again when Slack has no use for the answer', async () => {
    world.bench.on(ANSWERS, fault.status(404));
    await send(world, button());
    await lost();
    expect(told()).toHaveLength(1);
  });
});
