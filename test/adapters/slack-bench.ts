import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SlackCall {
  /** `chat.postMessage`, or the path of an answer or an upload. */
  method: string;
  /** The form's fields; JSON ones as they came. */
  fields: Record<string, string>;
  body: string;
  headers: IncomingMessage['headers'];
}

/** An answer in Slack's form, or what goes wrong instead. */
export type SlackReply = Record<string, unknown> | ((response: ServerResponse, call: SlackCall) => void);

export interface SlackBench {
  port: number;
  /** As SLACK_API_URL has it. */
  url: string;
  calls: SlackCall[];
  /** The calls of one method, oldest first. */
  callsOf(method: string): SlackCall[];
  /** The next call of the method is answered so, then the one after; the last reply stays. */
  on(method: string, ...replies: SlackReply[]): void;
  /** Every call from now on, whatever the method; undefined: as before. */
  onAll(reply: SlackReply | undefined): void;
  close(): Promise<void>;
}

export const BOT = { ok: true, team: 'Acme', user: 'muster', team_id: 'T1', user_id: 'UBOT1', bot_id: 'BBOT1' };

export const fault = {
  status: (status: number, headers: Record<string, string> = {}): SlackReply => {
    return (response) => response.writeHead(status, headers).end('<html>away</html>');
  },
  hang: (() => undefined) as SlackReply,
  /** The connection breaks before a word of an answer. */
  reset: ((response: ServerResponse) => response.socket?.resetAndDestroy()) as SlackReply,
  /** The connection breaks in the middle of the answer. */
  cut: ((response: ServerResponse) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('{"ok":true,', () => response.destroy());
  }) as SlackReply,
  page: ((response: ServerResponse) => response.writeHead(200).end('<html>Log in</html>')) as SlackReply,
};

/** A Slack on loopback that answers as a test tells it to, and remembers what it was asked. */
export async function startSlackBench(): Promise<SlackBench> {
  const replies = new Map<string, SlackReply[]>([['auth.test', [BOT]]]);
  const calls: SlackCall[] = [];
  let always: SlackReply | undefined;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString('utf8');
    const method = (request.url ?? '').replace(/^\/api\//, '').replace(/\?.*$/, '');
    const fields = Object.fromEntries(new URLSearchParams(body));
    const call = { method, fields, body, headers: request.headers };
    calls.push(call);
    const queue = replies.get(method) ?? [{ ok: false, error: 'unknown_method' }];
    const reply = always ?? (queue.length > 1 ? queue.shift() : queue[0]);
    if (typeof reply === 'function') return reply(response, call);
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(reply));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}/api`,
    calls,
    callsOf: (method) => calls.filter((call) => call.method === method),
    on: (method, ...given) => replies.set(method, given),
    onAll: (reply) => {
      always = reply;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
