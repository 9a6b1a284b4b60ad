import { afterEach, beforeEach, expect } from 'vitest';
import { type SandboxSlack, type SlackOptions, startSlack } from '../../sandbox/slack/start-slack.ts';
import { createSlack, type Slack } from '../../src/adapters/slack.ts';
import type { AnswerDelivery, Delivery } from '../../src/domain/delivery.ts';
import type { LogLine } from './slack-world.ts';

export interface Replica {
  slack: Slack;
  log: LogLine[];
  deliveries: Delivery[];
}

export interface SocketWorld {
  /** Slack itself. */
  there: SandboxSlack;
  /** What whoever decides does from now on. */
  answer: AnswerDelivery;
  /** Another process of the bot's, as Slack sees it. */
  join(): Promise<Replica>;
  /** The first one. */
  here: Replica;
}

/** Slack with Socket Mode, and Muster's adapter connected to it; no line of its log may hold a token or a ticket. */
export function useSocketWorld(options: SlackOptions = {}): SocketWorld {
  const world = {} as SocketWorld;
  let replicas: Replica[] = [];
  beforeEach(async () => {
    replicas = [];
    world.there = await startSlack({ socketMode: true, ...options });
    world.answer = async () => ({ text: 'Recorded.', recorded: true });
    world.join = async () => {
      const replica = connect(world);
      replicas.push(replica);
      await expect.poll(() => replica.slack.trouble(), { timeout: 5_000 }).toBeUndefined();
      return replica;
    };
    world.here = await world.join();
  });
  afterEach(async () => {
    await Promise.all(replicas.map(({ slack }) => slack.close()));
    await world.there.close();
    expect(world.there.violations()).toEqual([]);
    const said = JSON.stringify(replicas.map(({ log }) => log));
    for (const secret of [world.there.botToken, world.there.appToken, 'ticket=', '/commands/', '/actions/'])
      expect(said).not.toContain(secret);
  });
  return world;
}

function connect(world: SocketWorld): Replica {
  const { botToken, appToken, url } = world.there;
  const log: LogLine[] = [];
  const deliveries: Delivery[] = [];
  const write = (level: string) => (facts: object, message: string) => void log.push({ level, message, ...facts });
  const slack = createSlack({
    ...{ botToken, way: { appToken }, apiUrl: url },
    log: { info: write('info'), warn: write('warn'), error: write('error') },
    answer: (delivery, signal) => {
      deliveries.push(delivery);
      return world.answer(delivery, signal);
    },
  });
  return { slack, log, deliveries };
}

export const type = (world: SocketWorld, text: string) =>
  world.there.deliver.command('oncall', 'incidents', '/dr', text);

/** What Olive alone sees in the channel. */
export const seen = (world: SocketWorld) => world.there.ephemerals('oncall').map(({ message }) => message.text);
