import type { RawData, WebSocket } from 'ws';
import { isObject, type JsonObject, parseJson } from '../json.ts';

/** What became of an envelope: the payload of its acknowledgement, no answer in time, or the connection ended before. */
export type Fate = { ack: JsonObject } | 'late' | 'gone';

/** One web socket of an app, as Slack holds it. */
export interface Connection {
  /** Counts from 1. */
  number: number;
  /** Whether envelopes go there: after the hello, until it ends. */
  open: boolean;
  /** Slack has said that it will end. */
  leaving: boolean;
  /** Slack neither sends nor hears anything, while the connection stays. */
  muted: boolean;
  send(message: JsonObject): void;
  sendRaw(text: string): void;
  /** Sends an envelope and waits for what becomes of it. */
  deliver(envelope: JsonObject & { envelope_id: string }, limitMs: number): Promise<Fate>;
  /** With this code and Slack's half of the goodbye. */
  close(code: number): void;
  /** Without a word. */
  cut(): void;
}

/** Slack's own pings, which the client watches for. */
const PING_MS = 10_000;

/** What the connection tells of itself. */
export interface Ear {
  /** Something came that acknowledges no envelope. */
  misfit(what: string): void;
  /** Whether this acknowledgement gets lost on its way. */
  isLost(ack: JsonObject): boolean;
}

export function holdConnection(socket: WebSocket, number: number, { misfit, isLost }: Ear): Connection {
  const pending = new Map<string, (fate: Fate) => void>();
  const known = new Set<string>();
  const pinging = setInterval(() => connection.muted || socket.ping(), PING_MS);
  const connection: Connection = {
    ...{ number, open: false, leaving: false, muted: false },
    send: (message) => connection.sendRaw(JSON.stringify(message)),
    sendRaw: (text) => {
      if (!connection.muted && socket.readyState === socket.OPEN) socket.send(text);
    },
    deliver: (envelope, limitMs) => {
      const { promise, resolve } = Promise.withResolvers<Fate>();
      const id = envelope.envelope_id;
      const timer = setTimeout(() => resolve('late'), limitMs);
      known.add(id);
      pending.set(id, resolve);
      connection.send(envelope);
      return promise.finally(() => {
        clearTimeout(timer);
        pending.delete(id);
      });
    },
    close: (code) => socket.close(code),
    cut: () => socket.terminate(),
  };
  socket.on('ping', (data) => connection.muted || socket.pong(data));
  socket.on('error', () => undefined);
  socket.on('message', (data: RawData, isBinary: boolean) => {
    if (connection.muted) return;
    const ack = isBinary ? undefined : parseJson(textOf(data));
    const id = isObject(ack) ? ack['envelope_id'] : undefined;
    if (!isObject(ack) || typeof id !== 'string' || !known.has(id))
      misfit('what came over the web socket acknowledges no envelope');
    else if (!isLost(ack)) pending.get(id)?.({ ack: isObject(ack['payload']) ? ack['payload'] : {} });
  });
  socket.once('close', () => {
    connection.open = false;
    clearInterval(pinging);
    for (const resolve of pending.values()) resolve('gone');
  });
  return connection;
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8');
  return (Buffer.isBuffer(data) ? data : Buffer.from(data)).toString('utf8');
}
