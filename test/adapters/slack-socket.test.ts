import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { DrError } from '../../src/errors.ts';
import { type Replica, seen, type, useSocketWorld } from './slack-socket-world.ts';

const world = useSocketWorld({ retryDelaysMs: [100, 200], events: ['app_mention'] });
const texts = ({ deliveries }: Replica) => deliveries.map(({ text }) => text);
const lines = Array.from({ length: 30 }, (_, index) => `status run${index}`);

describe('what comes in', () => {
  test('a command, answered in its acknowledgement', async () => {
    expect(await type(world, 'status @lead')).toMatchObject({ status: 200, error: undefined });
    expect(seen(world)).toEqual(['Recorded.']);
    const { users, channels, team } = world.there;
    expect(world.here.deliveries).toMatchObject([
      {
        ...{ kind: 'command', team: team.id, user: users.oncall, channel: channels.incidents },
        text: `status <@${users.lead}|lead>`,
      },
    ]);
    expect(world.there.ephemerals('oncall')).toMatchObject([{ how: 'ack' }]);
  });

  test('a button and a shortcut, acknowledged at once and answered through response_url', async () => {
    const { users, team, channels, url } = world.there;
    const people = { team: { id: team.id }, user: { id: users.lead }, channel: { id: channels.incidents } };
    const press = {
      type: 'block_actions',
      trigger_id: '1.2.a',
      ...people,
      response_url: `${new URL(url).origin}/actions/none`,
    };
    const button = { type: 'button', action_id: 'dr.approve', value: 'approve ab12cd' };
    expect(await world.there.deliver.payload({ ...press, actions: [button] })).toMatchObject({ status: 200 });
    expect(await world.there.deliver.shortcut({ user: 'lead', callbackId: 'dr.note' })).toMatchObject({ status: 200 });
    expect(world.here.deliveries).toMatchObject([
      { kind: 'button', user: users.lead, text: 'approve ab12cd', actionId: 'dr.approve' },
      { kind: 'shortcut', user: users.lead, actionId: 'dr.note' },
    ]);
    await expect.poll(() => world.there.calls().filter(({ method }) => method === 'response_url')).toHaveLength(1);
  });

  test('an answer that takes long follows', { timeout: 15_000 }, async () => {
    world.answer = async () => {
      await sleep(3_200);
      return { text: 'Done.', recorded: true };
    };
    expect(await type(world, 'status')).toMatchObject({ status: 200 });
    expect(seen(world)).toEqual(['Working on it; the answer follows.']);
    await expect.poll(() => seen(world), { timeout: 5_000 }).toContain('Done.');
  });

  test('an event is acknowledged once it is recorded, and comes again until then', async () => {
    let failures = 2;
    world.answer = async () => {
      failures -= 1;
      if (failures < 0) return { text: '', recorded: true };
      throw new DrError({ code: 'LEDGER_UNREACHABLE', message: 'away', action: 'wait', retryable: true });
    };
    const { users, channels } = world.there;
    const event = { type: 'app_mention', user: users.oncall, channel: channels.incidents, text: 'hi', ts: '1.2' };
    const attempts = await world.there.deliver.event(event);
    expect(attempts.map(({ status }) => status)).toEqual([undefined, undefined, 200]);
    const ids = world.here.deliveries.map(({ id }) => id);
    expect(new Set(ids).size).toBe(1);
    expect(ids).toHaveLength(3);
  });

  test('two replicas share what comes', async () => {
    const other = await world.join();
    for (const line of lines.slice(0, 10)) await type(world, line);
    expect([...texts(world.here), ...texts(other)].sort()).toEqual(lines.slice(0, 10).sort());
    expect(texts(other)).toHaveLength(5);
  });

  test.each([
    ...['hello?', 'null', '[]', '{}', '{"type":"close"}', '{"type":"error"}', '{"type":"events_api"}', '5'],
    '{"type":"events_api","envelope_id":"1","payload":{"event":{"type":"disconnected"}}}',
    '{"type":"events_api","envelope_id":"1","payload":{"event":{"type":"message"}}}',
    '{"type":"slash_commands","envelope_id":"1","payload":{"command":"/dr"}}',
    '{"type":"interactive","envelope_id":"1","payload":{"type":"view_submission"}}',
  ])('%s is passed over, and said so', async (text) => {
    world.there.sockets.send(text);
    await expect.poll(() => world.here.log.filter(({ level }) => level === 'warn')).toHaveLength(1);
    expect(await type(world, 'status')).toMatchObject({ status: 200 });
    expect(texts(world.here)).toEqual(['status']);
    expect(world.there.sockets.opened()).toBe(1);
  });
});

test('a message larger than any of Slack is passed over', async () => {
  world.there.sockets.send(JSON.stringify({ type: 'hello', more: 'x'.repeat(1_100_000) }));
  await expect.poll(() => world.here.log.filter(({ level }) => level === 'warn')).toHaveLength(1);
  expect(await type(world, 'status')).toMatchObject({ status: 200 });
});

describe('when the web socket goes', () => {
  test('with what it acknowledged: it comes again', async () => {
    world.there.faults.add({ kind: 'hang', match: { method: 'ack' }, times: 1 });
    const command = type(world, 'status');
    await expect.poll(() => world.here.log.map(({ message }) => message)).toContain('a delivery was answered');
    world.there.sockets.drop();
    expect(await command).toMatchObject({ status: 200 });
    expect(texts(world.here)).toEqual(['status', 'status']);
  });

  test.each(['warning', 'refresh_requested'] as const)(
    'with a notice (%s): none of 30 commands is lost or doubled',
    async (reason) => {
      world.answer = async ({ text }) => {
        await sleep(150);
        return { text: `Recorded ${text}.`, recorded: true };
      };
      const sending = lines.map(async (line, index) => {
        await sleep(index * 20);
        if (index === 10) world.there.sockets.disconnect(reason, 400);
        return type(world, line);
      });
      expect((await Promise.all(sending)).filter(({ error }) => error !== undefined)).toEqual([]);
      expect(texts(world.here).sort()).toEqual([...lines].sort());
      expect(seen(world).sort()).toEqual(lines.map((line) => `Recorded ${line}.`).sort());
      expect(world.there.sockets.opened()).toBe(2);
      await expect.poll(() => world.there.sockets.open()).toBe(1);
    },
  );

  test.each([1000, 1006, 1011, 4000])(
    'without one (%i): another is there at once, and what was due comes again',
    async (code) => {
      world.answer = async () => {
        await sleep(300);
        return { text: 'Recorded.', recorded: true };
      };
      const command = type(world, 'status');
      await expect.poll(() => world.here.deliveries.length, { interval: 10 }).toBe(1);
      if (code === 1006) world.there.sockets.drop();
      else world.there.sockets.close(code);
      expect(await command).toMatchObject({ status: 200 });
      const [first, again] = world.here.deliveries;
      expect(world.here.deliveries).toHaveLength(2);
      expect(again).toEqual(first);
      await expect
        .poll(() =>
          world.there
            .ephemerals('oncall')
            .map(({ how }) => how)
            .sort(),
        )
        .toEqual(['ack', 'response_url']);
    },
  );

  test('one that stays but says nothing is noticed within seconds', { timeout: 20_000 }, async () => {
    world.there.sockets.mute();
    await expect.poll(() => world.there.sockets.opened(), { timeout: 6_000 }).toBe(2);
    await expect.poll(() => world.here.slack.trouble()).toBeUndefined();
    expect(await type(world, 'status')).toMatchObject({ status: 200 });
  });

  test('more of them than Slack takes', { timeout: 20_000 }, async () => {
    await Promise.all(Array.from({ length: 9 }, () => world.join()));
    const eleventh = world.join().catch((thrown: unknown) => thrown);
    await eleventh;
    expect(world.there.sockets.open()).toBe(10);
    expect(await type(world, 'status')).toMatchObject({ status: 200 });
  });
});

describe('closing', () => {
  test('acknowledges what is in flight, and leaves what is new to another replica', async () => {
    const other = await world.join();
    const closing = await world.join();
    world.answer = async ({ text }) => {
      await sleep(400);
      return { text: `Recorded ${text}.`, recorded: true };
    };
    const early = lines.slice(0, 6).map((line) => type(world, line));
    await expect.poll(() => texts(closing), { interval: 10 }).toHaveLength(2);
    const closed = closing.slack.close();
    const late = lines.slice(6, 12).map((line) => type(world, line));
    await closed;
    await closing.slack.close();
    expect((await Promise.all([...early, ...late])).filter(({ error }) => error !== undefined)).toEqual([]);
    expect(texts(closing)).toHaveLength(2);
    expect([...texts(world.here), ...texts(other), ...texts(closing)].sort()).toEqual(lines.slice(0, 12).sort());
    expect(world.there.sockets.open()).toBe(2);
  });

  test('ends soon when Slack says nothing any more', async () => {
    world.there.sockets.mute();
    const began = performance.now();
    await world.here.slack.close();
    expect(performance.now() - began).toBeLessThan(1_500);
    expect(world.here.slack.trouble()).toBeDefined();
  });

  test.each(['connected', 'silent', 'away', 'hanging'])(
    'leaves no socket and no timer: a process ends by itself, with Slack %s',
    async (how) => {
      const { there } = world;
      const before = there.sockets.opened();
      if (how === 'away') await there.faults.down();
      if (how === 'hanging') there.faults.add({ kind: 'hang' });
      const script = join(import.meta.dirname, 'slack-socket-process.ts');
      const running = promisify(execFile)(process.execPath, [script, there.url, there.appToken]);
      if (how === 'silent') {
        await expect.poll(() => there.sockets.opened(), { timeout: 10_000 }).toBe(before + 1);
        there.sockets.mute();
      }
      const { stdout, stderr } = await running;
      expect(stderr).toBe('');
      const { connected, lingered } = JSON.parse(stdout);
      expect(lingered).toBeLessThan(1_000);
      if (how !== 'silent') expect(connected).toBe(how === 'connected');
      await there.faults.up();
    },
  );
});
