import { randomUUID } from 'node:crypto';
import { copyOf } from '../../slack/json.ts';
import { makeSecret } from '../make-id.ts';
import type { WebhookEvent } from './build-event.ts';
import type { Reply } from './post-signed.ts';
import { createSender, type Delivery, type Forgery, type Sender, type SenderOptions } from './sender.ts';

/** In which order what was held is sent, and how often each. */
export interface Release {
  order?: 'made' | 'reversed' | ((held: readonly Delivery[]) => Delivery[]);
  twice?: boolean;
}

export interface Webhooks {
  /** From now on webhooks wait, in the order in which they were made. */
  hold(): void;
  /** Sends what waits and holds no longer. Resolves once all are delivered or dropped. */
  release(how?: Release): Promise<void>;
  /** From now on webhooks get lost, as do those that wait. */
  lose(): void;
  /** Webhooks are sent again; what was lost stays so, what was held waits for `release`. */
  resume(): void;
  /** Sends a delivery once more, under the same id, and answers the reply. */
  redeliver(id: string): Promise<Reply>;
  /** The same, but not from PagerDuty. */
  forge(id: string, forgery: Forgery): Promise<Reply>;
  /** What "Send Test Event" does. Resolves once it is delivered or dropped. */
  ping(): Promise<void>;
  /** A second secret beside those there are; all sign until one is dropped. Returns it. */
  addSecret(): string;
  dropSecret(secret: string): void;
  /** Every webhook, in the order in which they were made. */
  log(): Delivery[];
  /** Resolves when nothing is under way any more; what is held does not count. */
  settled(): Promise<void>;
}

export interface WebhookSide extends Webhooks {
  pointAt(url: string): void;
  publish(event: WebhookEvent): void;
  close(): void;
}

export interface WebhookOptions extends Omit<SenderOptions, 'secrets'> {
  secret: string;
  makePing: () => WebhookEvent;
}

function createOutbox(sender: Sender, log: Delivery[]) {
  let mode: 'sent' | 'held' | 'lost' = 'sent';
  const loseAll = () => {
    for (const delivery of log) if (['held', 'waiting'].includes(delivery.outcome)) delivery.outcome = 'lost';
  };
  return {
    set(wanted: typeof mode): void {
      mode = wanted;
      if (wanted === 'lost') loseAll();
    },
    publish(event: WebhookEvent): Promise<void> {
      const outcome = !sender.hasTarget() || mode === 'lost' ? 'lost' : mode === 'held' ? 'held' : 'waiting';
      const delivery: Delivery = { id: randomUUID(), event, attempts: [], outcome };
      log.push(delivery);
      return outcome === 'waiting' ? sender.enqueue(delivery) : Promise.resolve();
    },
    async release({ order = 'made', twice = false }: Release = {}): Promise<void> {
      mode = 'sent';
      const held = log.filter(({ outcome }) => outcome === 'held');
      const sorted = typeof order === 'function' ? order(held) : order === 'made' ? held : held.toReversed();
      await Promise.all(sorted.flatMap((delivery) => (twice ? [delivery, delivery] : [delivery])).map(sender.enqueue));
    },
  };
}

/** The webhook subscription: what is published goes to `pointAt(url)`, unless a test wants it otherwise. */
export function createWebhooks({ secret: first, makePing, ...options }: WebhookOptions): WebhookSide {
  const log: Delivery[] = [];
  const secrets = [first];
  const sender = createSender({ secrets, ...options });
  const outbox = createOutbox(sender, log);
  const named = (id: string): Delivery => {
    const found = log.find((delivery) => delivery.id === id);
    if (found === undefined) throw new Error(`there is no webhook ${id}`);
    return found;
  };
  return {
    pointAt: sender.pointAt,
    publish: (event) => void outbox.publish(event),
    hold: () => outbox.set('held'),
    release: outbox.release,
    lose: () => outbox.set('lost'),
    resume: () => outbox.set('sent'),
    async redeliver(id) {
      const reply = await sender.post(named(id));
      named(id).attempts.push(reply);
      return reply;
    },
    forge: (id, forgery) => sender.post(named(id), forgery),
    ping: () => outbox.publish(makePing()),
    addSecret: () => {
      const secret = makeSecret();
      secrets.push(secret);
      return secret;
    },
    dropSecret: (secret) => {
      if (secrets.includes(secret)) secrets.splice(secrets.indexOf(secret), 1);
    },
    log: () => copyOf(log),
    settled: sender.settled,
    close: sender.close,
  };
}
