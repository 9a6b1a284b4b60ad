import { SocketModeClient } from '@slack/socket-mode';
import type { WebClientOptions } from '@slack/web-api';
import { chatError, explainSlackError } from './slack-errors.ts';
import { bridgeLog, type SlackLog } from './slack-log.ts';
import { isSocketUrl, type SlackPlaces } from './slack-places.ts';
import { type Acknowledge, type Envelope, parseMessage } from './slack-wire.ts';

/** From asking for an address to Slack's hello, ms. */
const OPEN_MS = 8_000;
/** How long a socket may leave pings unanswered, ms; the library looks three times in it. */
const SILENT_MS = 2_000;
/** How long Slack may take to say goodbye, ms. */
const GOODBYE_MS = 500;

export interface LineSetup {
  appToken: string;
  /** Used for this line only: the library writes into them. */
  clientOptions: WebClientOptions;
  places: SlackPlaces;
  log: SlackLog;
  onEnvelope(envelope: Envelope, ack: Acknowledge): void;
}

/** One web socket of Slack's, from its hello to its end; it never comes back by itself. */
export interface Line {
  /** Resolves with the reason once another one is needed: Slack will end this one, or it has ended. */
  leaving: Promise<string>;
  ended: Promise<void>;
  /** Ends it within a second, whether Slack answers or not. */
  close(): Promise<void>;
}

/** Opens one, up to Slack's hello. @throws DrError within OPEN_MS, and leaves nothing behind then */
export async function openLine(setup: LineSetup, signal: AbortSignal): Promise<Line> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(OPEN_MS)]);
  const leaving = Promise.withResolvers<string>();
  const ended = Promise.withResolvers<void>();
  const client = new LineClient(setup, leaving.resolve);
  client.on('authenticated', ({ url }: { url?: string }) => refuseAddress(url, setup.places, limit));
  client.on('disconnected', () => {
    leaving.resolve('the connection ended');
    ended.resolve();
  });
  const close = () => endClient(client, ended.promise);
  try {
    await reachHello(client.start(), leaving.promise, limit);
    return { leaving: leaving.promise, ended: ended.promise, close };
  } catch (thrown) {
    await close();
    throw explainSlackError('apps.connections.open', thrown);
  }
}

async function reachHello(started: Promise<unknown>, leaving: Promise<string>, limit: AbortSignal): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const giveUp = () => reject(chatError('CHAT_UNREACHABLE', `Slack said no hello within ${OPEN_MS / 1_000} s.`));
  limit.addEventListener('abort', giveUp, { once: true });
  const refused = leaving.then((reason) => {
    throw chatError('CHAT_UNREACHABLE', `Slack ended the web socket before its hello: ${reason}.`);
  });
  // The one that loses the race may still reject, with or without a reason.
  for (const other of [started, refused, late]) other.catch(() => undefined);
  try {
    await Promise.race([
      started.catch((thrown: unknown) => (thrown === undefined ? refused : Promise.reject(thrown))),
      refused,
      late,
    ]);
  } finally {
    limit.removeEventListener('abort', giveUp);
  }
}

/** Runs inside the library's own try, so that throwing ends the attempt before a socket is opened. */
function refuseAddress(url: string | undefined, places: SlackPlaces, limit: AbortSignal): void {
  if (limit.aborted) throw chatError('CHAT_UNREACHABLE', "Slack's address for a web socket came too late.");
  if (url === undefined || !isSocketUrl(url, places))
    throw chatError('CHAT_REFUSED', "The address that came for a web socket is not one of Slack's.");
}

/** The library waits 30 s for a goodbye, unless it is asked twice. */
async function endClient(client: SocketModeClient, ended: Promise<void>): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<'late'>();
  const timer = setTimeout(() => resolve('late'), GOODBYE_MS);
  void client.disconnect();
  const outcome = await Promise.race([ended, late]);
  clearTimeout(timer);
  if (outcome === 'late') void client.disconnect();
}

/** The library's connection, without what ends processes: it neither reconnects, nor leaves at Slack's first word, nor trusts a message. */
class LineClient extends SocketModeClient {
  readonly #setup: LineSetup;
  readonly #leave: (reason: string) => void;

  constructor(setup: LineSetup, leave: (reason: string) => void) {
    super({
      appToken: setup.appToken,
      clientOptions: { ...setup.clientOptions, ...QUIET },
      ...QUIET,
      autoReconnectEnabled: false,
      clientPingTimeout: SILENT_MS,
    });
    this.#setup = setup;
    this.#leave = leave;
  }

  protected override async onWebSocketMessage(data: string | ArrayBuffer, isBinary: boolean): Promise<void> {
    const message = isBinary || typeof data !== 'string' ? undefined : parseMessage(data);
    if (message === undefined) {
      this.#setup.log.warn({ bytes: data instanceof ArrayBuffer ? data.byteLength : data.length }, NOT_SLACK);
    } else if (message.type === 'disconnect') {
      this.#leave(message.reason);
    } else if (message.type === 'hello') {
      await super.onWebSocketMessage(data, false);
    } else {
      // The library tells it at once, with the way to acknowledge it on this very socket.
      this.once('slack_event', ({ ack }: { ack: Acknowledge }) => this.#setup.onEnvelope(message, ack));
      await super.onWebSocketMessage(data, false);
    }
  }
}

const NOT_SLACK = 'a message on the web socket is nothing that Muster asked Slack for';

const ignore = () => undefined;
/** All that the library has to say ends the line or the attempt, and is told by whoever asked for it. */
const QUIET = { logger: bridgeLog({ info: ignore, warn: ignore, error: ignore }) };
