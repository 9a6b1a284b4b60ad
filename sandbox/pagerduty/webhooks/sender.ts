import { setTimeout as delay } from 'node:timers/promises';
import type { WebhookEvent } from './build-event.ts';
import { postSigned, type Reply } from './post-signed.ts';

/** One webhook and what became of it. */
export interface Delivery {
  /** `x-webhook-id`: the same for every attempt. */
  id: string;
  event: WebhookEvent;
  attempts: Reply[];
  outcome: 'held' | 'waiting' | 'delivered' | 'dropped' | 'lost';
}

export interface Forgery {
  /** Signs with these in place of the real secrets; none: no signature. */
  secrets?: readonly string[];
  /** Other bytes than were sent. */
  body?: string;
}

export interface SenderOptions {
  /** Every secret that is good now; may change. */
  secrets: readonly string[];
  /** Before each retry; the last one again and again. */
  retryDelaysMs: readonly number[];
  timeoutMs: number;
}

export interface Sender {
  pointAt(url: string): void;
  /** Whether it is known where webhooks go. */
  hasTarget(): boolean;
  post(delivery: Delivery, forgery?: Forgery): Promise<Reply>;
  /** Sends it after those about the same incident, until it is delivered or dropped. */
  enqueue(delivery: Delivery): Promise<void>;
  /** Resolves when nothing is under way any more. */
  settled(): Promise<void>;
  close(): void;
}

const SUBSCRIPTION = 'PWHSUB1';

/** As PagerDuty decides: no answer, 5xx and 429 are tried again, any other code but 2xx is not. */
function verdictOf({ status }: Reply): 'delivered' | 'dropped' | 'again' {
  if (status === undefined || status >= 500 || status === 429) return 'again';
  return status >= 200 && status < 300 ? 'delivered' : 'dropped';
}

export function createSender({ secrets, retryDelaysMs, timeoutMs }: SenderOptions): Sender {
  const stop = new AbortController();
  const queues = new Map<string, Promise<void>>();
  let target: string | undefined;

  function post({ id, event }: Delivery, forgery: Forgery = {}): Promise<Reply> {
    if (target === undefined) throw new Error('PagerDuty does not know where webhooks go: pointAt(url)');
    const headers = { 'x-webhook-id': id, 'x-webhook-subscription': SUBSCRIPTION };
    const body = forgery.body ?? JSON.stringify(event.payload);
    const signing = forgery.secrets ?? secrets;
    return postSigned({ url: target, secrets: signing, body, headers, timeoutMs, signal: stop.signal });
  }

  async function deliver(delivery: Delivery): Promise<void> {
    for (let retry = 0; !stop.signal.aborted && delivery.outcome !== 'lost'; retry += 1) {
      const reply = await post(delivery);
      delivery.attempts.push(reply);
      const verdict = verdictOf(reply);
      if (verdict !== 'again') {
        delivery.outcome = verdict;
        return;
      }
      const pause = retryDelaysMs[Math.min(retry, retryDelaysMs.length - 1)] ?? 0;
      await delay(pause, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  }

  return {
    pointAt: (url) => {
      target = url;
    },
    hasTarget: () => target !== undefined,
    post,
    enqueue(delivery) {
      delivery.outcome = 'waiting';
      const queue = delivery.event.incident ?? delivery.id;
      const done = (queues.get(queue) ?? Promise.resolve()).then(() => deliver(delivery));
      queues.set(queue, done);
      void done.then(() => queues.get(queue) === done && queues.delete(queue));
      return done;
    },
    async settled() {
      while (queues.size > 0) await Promise.all(queues.values());
    },
    close: () => stop.abort(),
  };
}
