import { App, type AuthorizeResult, type ViewResponseAction } from '@slack/bolt';
import type { WebClientOptions } from '@slack/web-api';
import { coerceError } from '../errors.ts';
import { type Answering, answerDelivery, type Exchange } from './slack-answer.ts';
import { bridgeLog } from './slack-log.ts';
import type { Received } from './slack-payload.ts';
import type { Ephemeral } from './slack-respond.ts';

export interface BoltSetup extends Answering {
  clientOptions: WebClientOptions;
  /** Who the bot is, as far as it is known: Bolt must not ask Slack by itself, as an answer has to come with Slack down. */
  whoWeAre: () => AuthorizeResult;
}

/** Where one delivery comes from, and the way back. */
export interface Arrival {
  /** When it came, as performance.now() tells. */
  arrivedAt: number;
  /** Which delivery of it this is, and why, where Slack says so. */
  retryNum?: number;
  retryReason?: string;
  /** Called once, with what HTTP answers; false: the content did not get there. Never rejects. */
  reply(status: number, content: object | undefined): Promise<boolean>;
}

export interface BoltDoor {
  /** Hands one delivery to Bolt, which calls `reply` in time, while a late answer goes on. */
  process(received: Received, arrival: Arrival): void;
  /** Resolves when nothing is in flight. */
  settled(): Promise<void>;
}

export function createDoor(setup: BoltSetup): BoltDoor {
  const exchanges = new WeakMap<object, Exchange>();
  const inFlight = new Set<Promise<void>>();
  const app = createApp(setup, exchanges);
  return {
    process: ({ delivery, body }, { arrivedAt, reply, ...retry }) => {
      let settled: Promise<boolean> | undefined;
      const settle: Exchange['settle'] = (status, content) => {
        settled ??= reply(status, content);
        return settled;
      };
      exchanges.set(body, { delivery, arrivedAt, settle });
      const isEvent = delivery.kind === 'event';
      // Bolt acknowledges an event before anybody has seen it; ours is answered once it is recorded.
      const ack = async (content?: unknown) => (isEvent ? undefined : settle(200, asContent(content)));
      const processing = app
        .processEvent({ body, ack: async (content) => void (await ack(content)), ...retry })
        .catch((thrown: unknown) => {
          setup.log.error({ id: delivery.id, reason: coerceError(thrown).message }, 'a delivery failed on its way');
          return void settle(500);
        })
        // Events of the bot itself end in Bolt.
        .finally(() => {
          inFlight.delete(processing);
          return settle(isEvent ? 200 : 500);
        });
      inFlight.add(processing);
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
  app.command(/^\//, ({ body, ack }) => answer(body, async (content) => ack(content as Ephemeral)));
  app.action(/^/, ({ body, ack }) => answer(body, async () => ack()));
  app.shortcut(/^/, ({ body, ack }) => answer(body, async () => ack()));
  app.view(/^/, ({ body, ack }) => answer(body, async (content) => ack(content as ViewResponseAction)));
  app.event(/^/, ({ body }) => answer(body, async () => undefined));
  return app;
}

/** Only we render what Bolt passes on. */
function asContent(content: unknown): object | undefined {
  return typeof content === 'object' && content !== null ? content : undefined;
}
