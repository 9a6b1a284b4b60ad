import { writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:https';
import { join } from 'node:path';

/** An API server and an identity on it: a client certificate or a token. */
export interface Access {
  server: string;
  caPem: string;
  certPem?: string;
  keyPem?: string;
  token?: string;
}

/** Writes a kubeconfig (JSON is YAML) with one context, `contract`, and gives its path. */
export async function writeKubeconfig(folder: string, file: string, access: Access): Promise<string> {
  const encode = (pem: string | undefined) => pem && Buffer.from(pem).toString('base64');
  const user = {
    'client-certificate-data': encode(access.certPem),
    'client-key-data': encode(access.keyPem),
    token: access.token,
  };
  const cluster = { server: access.server, 'certificate-authority-data': encode(access.caPem) };
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'contract', cluster }],
    users: [{ name: 'contract', user }],
    contexts: [{ name: 'contract', context: { cluster: 'contract', user: 'contract' } }],
    'current-context': 'contract',
  };
  const path = join(folder, file);
  await writeFile(path, JSON.stringify(config), { mode: 0o600 });
  return path;
}

export interface AdminAnswer {
  status: number;
  json: unknown;
}

/** Another actor on the same API server, who owes nothing to the adapter under test. */
export interface Admin {
  send(method: string, path: string, body?: unknown): Promise<AdminAnswer>;
  /** As send, but anything except 2xx fails the test. */
  must(method: string, path: string, body?: unknown): Promise<unknown>;
  close(): void;
}

export function createAdmin({ server, caPem, certPem, keyPem, token }: Access): Admin {
  const identity = certPem && keyPem ? { cert: certPem, key: keyPem } : {};
  const agent = new Agent({ keepAlive: true, maxSockets: 8, ca: caPem, ...identity });
  const send = async (method: string, path: string, body?: unknown): Promise<AdminAnswer> => {
    const bytes = body === undefined ? undefined : JSON.stringify(body);
    const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    const headers = {
      accept: 'application/json',
      ...(token && { authorization: `Bearer ${token}` }),
      ...(bytes && { 'content-type': type, 'content-length': Buffer.byteLength(bytes) }),
    };
    const { promise, resolve, reject } = Promise.withResolvers<AdminAnswer>();
    const sent = request(server + path, { method, agent, headers, signal: AbortSignal.timeout(10_000) }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, json: parse(text) }));
    });
    sent.on('error', reject).end(bytes);
    return promise;
  };
  return {
    send,
    must: async (method, path, body) => {
      const { status, json } = await send(method, path, body);
      if (status < 200 || status > 299) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(json)}`);
      return json;
    },
    close: () => agent.destroy(),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
