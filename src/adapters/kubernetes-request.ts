import type { IncomingMessage } from 'node:http';
import { type Agent, type RequestOptions, request } from 'node:https';

/** How to reach one API server: its address, and our identity, asked for anew at every call because tokens and certificates rotate. */
export interface Connection {
  /** The kubeconfig context's name. */
  name: string;
  /** `https://host:port`, possibly with a path in front of the API (Rancher and the like). */
  server: string;
  /** TLS settings and headers for one call. May read files or run an authentication plug-in. */
  authenticate(): Promise<RequestOptions>;
  /** How connections are made; undefined behind a proxy, which has an agent of its own. */
  agents: Agents | undefined;
}

export interface Agents {
  /** Keeps a connection for the next read. */
  reads: Agent;
  /** A connection for each call, closed with it. */
  fresh: Agent;
}

export interface Outgoing {
  method: 'GET' | 'POST' | 'DELETE';
  /** Begins with `/`, already percent-encoded. */
  path: string;
  query?: Record<string, string | undefined>;
  body?: unknown;
}

export interface Answer {
  status: number;
  text: string;
  retryAfter: string | undefined;
  /** When the server answered, as it says. */
  date?: string | undefined;
}

/** Getting credentials failed before anything was sent. */
export class CredentialsError extends Error {}

/**
 * Sends one request and gives the response as soon as its headers are here; the caller reads or destroys it.
 * node:https instead of the SDK's fetch: no redirect is followed with our credentials. What changes something has a connection of its own,
 * so that it never fails half sent because an idle one was gone; a read that meets such a one is sent again, once.
 */
export async function openResponse(
  connection: Connection,
  outgoing: Outgoing,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  signal.throwIfAborted();
  const options = await abortable(connection.authenticate(), signal).catch((cause: unknown) => {
    if (signal.aborted) throw cause;
    throw new CredentialsError('no credentials', { cause });
  });
  const { agents } = connection;
  if (agents === undefined) return send(connection, outgoing, options, signal).response;
  const fresh = { ...options, agent: agents.fresh };
  if (outgoing.method !== 'GET') return send(connection, outgoing, fresh, signal).response;
  const first = send(connection, outgoing, { ...options, agent: agents.reads }, signal);
  return first.response.catch((fault: unknown) => {
    if (!first.reused() || signal.aborted || !isGone(fault)) throw fault;
    return send(connection, outgoing, fresh, signal).response;
  });
}

/** The other side closed the idle connection before it had read a word: nothing was answered. */
function isGone(fault: unknown): boolean {
  return fault instanceof Error && 'code' in fault && ['ECONNRESET', 'EPIPE'].includes(String(fault.code));
}

function send(
  { server }: Connection,
  outgoing: Outgoing,
  options: RequestOptions,
  signal: AbortSignal,
): { response: Promise<IncomingMessage>; reused: () => boolean } {
  const body = outgoing.body === undefined ? undefined : Buffer.from(JSON.stringify(outgoing.body));
  const headers = {
    ...options.headers,
    accept: 'application/json',
    'user-agent': 'muster',
    // Without a length, node:http sends a DELETE's body unframed and the server drops its preconditions.
    ...(body && { 'content-type': 'application/json', 'content-length': String(body.length) }),
  };
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const sent = request(addressOf(server, outgoing), {
    ...options,
    method: outgoing.method,
    headers,
    signal,
  });
  sent.on('response', resolve).on('error', reject).end(body);
  return { response: promise, reused: () => sent.reusedSocket };
}

/** One whole exchange; the text is cut at `maxChars`. Rejects on network faults and when the signal aborts. */
export async function exchange(
  connection: Connection,
  outgoing: Outgoing,
  signal: AbortSignal,
  maxChars = Number.POSITIVE_INFINITY,
): Promise<Answer> {
  const response = await openResponse(connection, outgoing, signal);
  const retryAfter = response.headers['retry-after'];
  response.setEncoding('utf8');
  let text = '';
  for await (const chunk of response) {
    text += String(chunk);
    if (text.length > maxChars) break;
  }
  const { date } = response.headers;
  return { status: response.statusCode ?? 0, text: text.slice(0, maxChars), retryAfter, date };
}

function addressOf(server: string, { path, query = {} }: Outgoing): URL {
  const url = new URL(server.replace(/\/$/, '') + path);
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(key, value);
  }
  return url;
}

/** The promise's outcome, or the signal's reason when it aborts first. */
function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const stop = () => reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  return promise;
}
