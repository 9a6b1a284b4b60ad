import type { IncomingMessage } from 'node:http';
import { parseJson } from '../slack/json.ts';
import type { Api, Asked } from './call-log.ts';

/** Both APIs take 512 KB at most; what is longer is cut, and then is no JSON. */
const MOST_BYTES = 512 * 1_024;

export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    if (size <= MOST_BYTES) chunks.push(chunk);
    size += chunk.length;
  }
  return Buffer.concat(chunks).subarray(0, MOST_BYTES).toString('utf8');
}

/** What was asked, for the log, faults and listeners. */
export function askedOf(api: Api, request: IncomingMessage, url: URL, text: string, path: string): Asked {
  const query: Record<string, string[]> = {};
  for (const name of new Set(url.searchParams.keys())) query[name] = url.searchParams.getAll(name);
  const { accept, from, 'content-type': type } = request.headers;
  return {
    api,
    operation: `${request.method} ${path}`,
    path: url.pathname,
    query,
    headers: { accept, 'content-type': type, from },
    request: text === '' ? undefined : (parseJson(text) ?? text),
  };
}
