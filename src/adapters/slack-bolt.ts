import type { IncomingMessage } from 'node:http';
import { App, type AuthorizeResult } from '@slack/bolt';
import type { WebClientOptions } from '@slack/web-api';
import { coerceError } from '../errors.ts';
import { type Answering, answerDelivery, type Exchange } from './slack-answer.ts';
import { bridgeLog } from './slack-log.ts';
import type { HttpAnswer, Received } from './slack-receiver.ts';

export interface BoltSetup extends Answering {
  clientOptions: WebClientOptions;
  /** Who the bot is, as far as it is known: Bolt must not ask Slack by itself, as an answer has to come with Slack down. */
  whoWeAre: () => AuthorizeResult;
}

export interface BoltDoor {
  /** Hands one delivery to Bolt; resolves with the HTTP answer, while a late answer goes on. Never rejects. */
  process(received: Received, request: IncomingMessage, arrivedAt: number): Promise<HttpAnswer>;
  /** Resolves when nothing is in flight. */
  settled(): Promise<void>;
}

export function createDoor(setup: BoltSetup): BoltDoor {
  const exchanges = new WeakMap<object, Exchange>();
  const inFlight = new Set<Promise<void>>();
  const app = createApp(setup, exchanges);
  return {
    process: ({ delivery, body }, request, arrivedAt) => {
      const { promise, resolve } = Promise.withResolvers<HttpAnswer>();
      const settle = (status: number, content?: object) => resolve(renderAnswer(status, content));
      exchanges.set(body, { delivery, arrivedAt, settle });
      const isEvent = delivery.kind === 'event';
      // Bolt acknowledges an event before anybody has seen it; ours is answered once it is recorded.
      const ack = async (content?: unknown) => (isEvent ? undefined : settle(200, asObject(content)));
      const processing = app
        .processEvent({ body, ack, ...retryOf(request) })
        .catch((thrown: unknown) => {
          setup.log.error({ id: delivery.id, reason: coerceError(thrown).message }, 'a delivery failed on its way');
          settle(500);
        })
        // Events of the bot itself end in Bolt.
        .finally(() => {
          settle(isEvent ? 200 : 500);
          inFlight.delete(processing);
        });
      inFlight.add(processing);
      return promise;
    },
    settled: async () => {
      while (inFlight.size > 0) await Promise.all(inFlight);
    },
  };
}

/** Every kind of delivery enters by the same callback; a custom receiver means that Bolt listens to nothing itself. */
function createApp(setup: BoltSetup, exchanges: WeakMap<object, Exchange>): App {
  const app = new App({
    receiver: { init: () => undefined, start: async () => undefined, stop: async () => undefined },
    authorize: async () => setup.whoWeAre(),
    logger: bridgeLog(setup.log),
    clientOptions: setup.clientOptions,
    convoStore: false,
    attachFunctionToken: false,
  });
  const answer = async (body: object, ack: (content?: object) => Promise<void>) => {
    const exchange = exchanges.get(body);
    if (exchange !== undefined) await answerDelivery(exchange, ack, setup);
  };
  app.command(/^\//, ({ body, ack }) => answer(body, async (content) => ack(content)));
  app.action(/^/, ({ body, ack }) => answer(body, async () => ack()));
  app.shortcut(/^/, ({ body, ack }) => answer(body, async () => ack()));
  app.event(/^/, ({ body }) => answer(body, async () => undefined));
  return app;
}

function renderAnswer(status: number, content: object | undefined): HttpAnswer {
  if (content === undefined) return { status, body: '' };
  return { status, body: JSON.stringify(content), contentType: 'application/json' };
}

function asObject(content: unknown): object | undefined {
  return typeof content === 'object' && content !== null ? content : undefined;
}

function retryOf({ headers }: IncomingMessage): { retryNum?: number; retryReason?: string } {
  const [count, reason] = [headers['x-slack-retry-num'], headers['x-slack-retry-reason']];
  return {
    ...(typeof count === 'string' && /^\d{1,3}$/.test(count) ? { retryNum: Number(count) } : {}),
    ...(typeof reason === 'string' ? { retryReason: reason } : {}),
  };
}
