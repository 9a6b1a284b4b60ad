import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test, vi } from 'vitest';
import { fault, type SlackReply } from './slack-bench.ts';
import {
  awaitIdentity,
  closeSlack,
  commandBody,
  eventBody,
  openSlack,
  patient,
  send,
  useSlackWorld,
} from './slack-world.ts';

const world = useSlackWorld();
const execFileAsync = promisify(execFile);

/** A port of this machine that nobody listens on. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

describe('with Slack down from the start', () => {
  test.each<[string, SlackReply | 'refused']>([
    ['refusing', 'refused'],
    ['answering 500', fault.status(500)],
    ['hanging', fault.hang],
    ['breaking off', fault.reset],
    ['refusing our token', { ok: false, error: 'invalid_auth' }],
  ])('%s: commands and events are answered all the same', async (_name, reply) => {
    await closeSlack(world);
    const url = reply === 'refused' ? `http://127.0.0.1:${await freePort()}` : world.bench.url;
    world.bench.onAll(reply === 'refused' ? fault.hang : reply);
    Object.assign(world, await openSlack(world, url));
    for (const round of [1, 2, 3]) {
      const { status, body, ms } = await send(world, commandBody(world, `status ${round}`));
      expect(status).toBe(200);
      expect(JSON.parse(body).text).toBe('Recorded.');
      expect(ms).toBeLessThan(2_000);
      expect(
        await send(world, eventBody({ type: 'app_mention', user: 'U1', channel: 'C1' }, `Ev${round}`)),
      ).toMatchObject({ status: 200 });
      await new Promise((resolve) => setTimeout(resolve, 700));
    }
    expect(world.deliveries).toHaveLength(6);
  });

  test('it says who we are as soon as Slack does', async () => {
    await closeSlack(world);
    world.bench.onAll(fault.status(500));
    Object.assign(world, await openSlack(world, world.bench.url));
    await vi.waitFor(() =>
      expect(world.log.map(({ message }) => message)).toContain('Slack does not say who we are; asking again'),
    );
    world.bench.onAll(undefined);
    await awaitIdentity(world);
  });
});

describe('closing', () => {
  test('waits for the answers that are on their way, and takes nothing new', async () => {
    world.bench.on('/actions/secret', {});
    world.answer = async () => {
      await new Promise((resolve) => setTimeout(resolve, 3_200));
      return { text: 'Done.', recorded: true };
    };
    await send(world, commandBody(world, 'status'));
    const closing = world.slack.close();
    expect(await send(world, commandBody(world, 'status'))).toMatchObject({ status: 503 });
    await closing;
    expect(world.bench.callsOf('/actions/secret').map(({ body }) => JSON.parse(body).text)).toEqual(['Done.']);
    expect(world.deliveries).toHaveLength(1);
  });

  test('ends after 5 s whatever hangs; whoever decides and whoever waits are told', async () => {
    world.bench.on('/actions/secret', {});
    let told = false;
    world.answer = (_delivery, signal) => {
      signal.addEventListener('abort', () => {
        told = true;
      });
      return new Promise(() => undefined);
    };
    await send(world, commandBody(world, 'status'));
    const began = performance.now();
    await world.slack.close();
    await world.slack.close();
    expect(performance.now() - began).toBeGreaterThan(3_500);
    expect(performance.now() - began).toBeLessThan(6_500);
    expect(told).toBe(true);
    const [last] = world.bench.callsOf('/actions/secret');
    expect(JSON.parse(last?.body ?? '{}').text).toMatch(/^Muster could not finish this. It cannot be told/);
  });

  test('ends when even Slack hangs', async () => {
    world.bench.on('/actions/secret', fault.hang);
    world.answer = () => new Promise(() => undefined);
    await send(world, commandBody(world, 'status'));
    const began = performance.now();
    await world.slack.close();
    expect(performance.now() - began).toBeLessThan(6_500);
  });

  test('leaves nothing: a process ends by itself, although Slack was away all the time', async () => {
    const script = join(import.meta.dirname, 'slack-process.ts');
    const { stdout, stderr } = await execFileAsync(process.execPath, [script, `http://127.0.0.1:${await freePort()}`]);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({ status: 200, text: 'Recorded.' });
    expect(JSON.parse(stdout).lingered).toBeLessThan(1_000);
  });

  test('ends a call that hangs', async () => {
    await awaitIdentity(world);
    world.bench.on('conversations.history', fault.hang);
    const found = world.slack.chat.find('C1', 'key', patient()).catch((thrown: unknown) => thrown);
    await vi.waitFor(() => expect(world.bench.callsOf('conversations.history')).toHaveLength(1));
    await world.slack.close();
    expect(await found).toMatchObject({ code: 'CHAT_UNANSWERED' });
  });
});
