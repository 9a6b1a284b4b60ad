import { once } from 'node:events';
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { Agent, createServer, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { generate } from 'selfsigned';
import type { Access } from '../access.ts';
import type { Translation } from './older-versions.ts';

export interface Created {
  path: string;
  object: unknown;
}

export interface Passed {
  /** As `POST /api/v1/pods`. */
  request: string;
  /** What the server has answered; undefined while it has not. */
  status?: number;
  /** Whether the client never got that answer. */
  broken?: true;
}

export interface Gateway {
  url: string;
  caPem: string;
  /** From now on nobody listens here, and what is open breaks. */
  down(): Promise<void>;
  up(): Promise<void>;
  /** The next POST to a path that matches is carried out, and its connection breaks before the answer. */
  breakNextPost(path: RegExp): void;
  /** Does this work when the next POST to a path that matches has come, before the server gets it. */
  beforeNextPost(path: RegExp, work: () => Promise<void>): void;
  /** That many of the next watches ask for changes since the first revision. */
  ageWatches(count: number): void;
  /** What the server has answered to watches that were aged. */
  agedAnswers(): readonly string[];
  /** What clients have created through it, oldest first. */
  created(): readonly Created[];
  /** Every request, oldest first. */
  passed(): readonly Passed[];
  /** Forgets the faults that have not come to pass. */
  heal(): Promise<void>;
  close(): Promise<void>;
}

interface Faults {
  interrupt: { path: RegExp; work: () => Promise<void> } | undefined;
  breakPost: RegExp | undefined;
  watchesToAge: number;
}

const NO_FAULTS: Faults = { interrupt: undefined, breakPost: undefined, watchesToAge: 0 };
const WATCH = /[?&]watch=true/;

/** Stands before a real API server, passes every request on as its administrator, and can fail as a network or an old cache does. */
export async function openGateway(upstream: Access, translation: Translation): Promise<Gateway> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'gateway' }], {
    keyType: 'ec',
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7 as const, ip: '127.0.0.1' }] }],
  });
  const faults: Faults = { ...NO_FAULTS };
  const [created, passed, aged]: [Created[], Passed[], string[]] = [[], [], []];
  const agent = new Agent({ keepAlive: true });
  const server = createServer({ cert, key }, (incoming, response) => {
    const note: Passed = { request: `${incoming.method} ${incoming.url}` };
    passed.push(note);
    passOn({ upstream, agent, translation, faults, created, aged, note }, incoming, response).catch(() =>
      incoming.socket.destroy(),
    );
  });
  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const down = async () => {
    if (!server.listening) return;
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
  const up = async () => {
    if (!server.listening) await listen(port);
  };
  return {
    url: `https://127.0.0.1:${port}`,
    caPem: cert,
    down,
    up,
    breakNextPost: (path) => {
      faults.breakPost = path;
    },
    beforeNextPost: (path, work) => {
      faults.interrupt = { path, work };
    },
    ageWatches: (count) => {
      faults.watchesToAge = count;
    },
    agedAnswers: () => aged,
    created: () => created,
    passed: () => passed,
    heal: async () => {
      Object.assign(faults, NO_FAULTS);
      await up();
    },
    close: async () => {
      await down();
      agent.destroy();
    },
  };
}

interface Passage {
  upstream: Access;
  agent: Agent;
  translation: Translation;
  faults: Faults;
  created: Created[];
  aged: string[];
  note: Passed;
}

async function passOn(passage: Passage, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const { translation, faults, created, aged, note } = passage;
  const { method = 'GET', url = '/' } = incoming;
  const sent = translation.bodyToServer(await readText(incoming));
  const old = WATCH.test(url) && faults.watchesToAge > 0;
  if (old) faults.watchesToAge -= 1;
  const path = translation.toServer(old ? url.replace(/resourceVersion=\d+/, 'resourceVersion=1') : url);
  await interrupt(faults, method, url);
  const answer = await ask(passage, { method, path, sent, type: incoming.headers['content-type'] }, response);
  const status = answer.statusCode ?? 502;
  note.status = status;
  if (WATCH.test(url) && !old) {
    response.writeHead(status, answer.headers);
    answer.pipe(response);
    return;
  }
  const text = translation.bodyFromServer(await readText(answer));
  if (old) aged.push(text);
  if (method === 'POST' && status === 201) created.push({ path: url, object: JSON.parse(text) });
  if (method === 'POST' && faults.breakPost?.test(url) === true) {
    faults.breakPost = undefined;
    note.broken = true;
    incoming.socket.destroy();
    return;
  }
  const { 'content-length': _length, 'transfer-encoding': _encoding, ...headers } = answer.headers;
  response.writeHead(status, headers).end(text);
}

async function interrupt(faults: Faults, method: string, url: string): Promise<void> {
  const { interrupt: planned } = faults;
  if (method !== 'POST' || planned?.path.test(url) !== true) return;
  faults.interrupt = undefined;
  await planned.work();
}

interface Question {
  method: string;
  path: string;
  sent: string;
  type: string | undefined;
}

/** Asks the real server; gives up when the client does. */
async function ask(
  { upstream, agent }: Passage,
  { method, path, sent, type }: Question,
  response: ServerResponse,
): Promise<IncomingMessage> {
  const { server, caPem, certPem, keyPem } = upstream;
  const headers: OutgoingHttpHeaders = { accept: 'application/json' };
  if (sent !== '') Object.assign(headers, { 'content-type': type, 'content-length': Buffer.byteLength(sent) });
  const asked = request(server + path, { method, agent, headers, ca: caPem, cert: certPem, key: keyPem });
  response.on('close', () => {
    if (!response.writableFinished) asked.destroy();
  });
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  asked.on('response', resolve).on('error', reject).end(sent);
  return promise;
}

async function readText(stream: IncomingMessage): Promise<string> {
  stream.setEncoding('utf8');
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return text;
}
