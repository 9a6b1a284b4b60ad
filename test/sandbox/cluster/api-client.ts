import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import { type ApiServer, type ApiServerOptions, startApiServer } from '../../../sandbox/cluster/server.ts';
import { createStore, type Store } from '../../../sandbox/cluster/store.ts';

export interface Answer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests reach into answers of every shape, and fail where the shape is another
  body: any;
  headers: IncomingHttpHeaders;
}

export interface CallOptions {
  body?: unknown;
  type?: string;
  token?: string;
  signal?: AbortSignal;
}

export interface Bench {
  api: ApiServer;
  store: Store;
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  /** Opens a stream; `next` gives its events one after the other, undefined at its end. */
  watch(path: string): Promise<{ next(): Promise<Event | undefined>; close(): void }>;
  close(): Promise<void>;
}

export interface Event {
  type: string;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  object: any;
}

function open(api: ApiServer, method: string, path: string, options: CallOptions): Promise<IncomingMessage> {
  const { body, type = 'application/json', token = api.token, signal } = options;
  const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
  const headers = {
    ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
    ...(text === undefined ? {} : { 'content-type': type, 'content-length': Buffer.byteLength(text) }),
  };
  return new Promise((resolve, reject) => {
    const agent = new Agent({ keepAlive: false });
    const sent = httpsRequest(`${api.url}${path}`, { method, headers, ca: api.caPem, agent, signal }, resolve);
    sent.on('error', reject);
    sent.end(text);
  });
}

async function readAll(response: IncomingMessage): Promise<string> {
  response.setEncoding('utf8');
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return text;
}

async function call(api: ApiServer, method: string, path: string, options: CallOptions = {}): Promise<Answer> {
  const response = await open(api, method, path, { signal: AbortSignal.timeout(5000), ...options });
  const text = await readAll(response);
  const isJson = response.headers['content-type'] === 'application/json';
  return { status: response.statusCode ?? 0, body: isJson ? JSON.parse(text) : text, headers: response.headers };
}

async function* readLines(response: IncomingMessage): AsyncGenerator<string> {
  response.setEncoding('utf8');
  let rest = '';
  for await (const chunk of response) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}

async function watch(api: ApiServer, path: string) {
  const response = await open(api, 'GET', path, {});
  if (response.statusCode !== 200) throw new Error(`watch: ${response.statusCode} ${await readAll(response)}`);
  const lines = readLines(response);
  return {
    async next(): Promise<Event | undefined> {
      const line = await lines.next();
      return line.done ? undefined : (JSON.parse(line.value) as Event);
    },
    close: () => response.destroy(),
  };
}

/** An API server over an empty store with the namespaces `shop` and `velero`. */
export async function startBench(options: Partial<ApiServerOptions> = {}): Promise<Bench> {
  const store = createStore();
  for (const name of ['shop', 'velero']) store.create('namespaces', { metadata: { name } });
  const probeService = () => Promise.resolve({ status: 200, body: 'ok' });
  const api = await startApiServer({ store, probeService, ...options });
  return {
    api,
    store,
    call: (method, path, callOptions) => call(api, method, path, callOptions),
    watch: (path) => watch(api, path),
    close: () => api.close(),
  };
}

export function configMap(name: string, more: Record<string, unknown> = {}) {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { key: 'value' }, ...more };
}

export function deployment(name: string, replicas = 1) {
  const template = {
    metadata: { labels: { app: name } },
    spec: { containers: [{ name: 'main', image: 'nginx:1', env: [{ name: 'A', value: '1' }] }] },
  };
  const spec = { replicas, selector: { matchLabels: { app: name } }, template };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name }, spec };
}

export function restore(name: string, spec: Record<string, unknown> = {}) {
  const metadata = { name, namespace: 'velero' };
  return { apiVersion: 'velero.io/v1', kind: 'Restore', metadata, spec: { backupName: 'nightly', ...spec } };
}

export const CONFIG_MAPS = '/api/v1/namespaces/shop/configmaps';
export const DEPLOYMENTS = '/apis/apps/v1/namespaces/shop/deployments';
export const RESTORES = '/apis/velero.io/v1/namespaces/velero/restores';
