import type { IncomingMessage } from 'node:http';
import type { Arguments } from './arguments.ts';
import { isObject, parseJson } from './json.ts';
import { SlackError } from './slack-error.ts';

/** More than any call of the Web API; files are capped by what they announced. */
const MOST_BYTES = 64 * 1_048_576;

export async function readBody(request: IncomingMessage, most = MOST_BYTES): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > most) throw new SlackError('request_too_large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const typeOf = (request: IncomingMessage): string =>
  (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';

/** Arguments from the query, a form or a JSON object; anything else is refused in Slack's words. */
export function decodeArguments(request: IncomingMessage, query: URLSearchParams, body: Buffer): Arguments {
  const args: Arguments = Object.fromEntries(query);
  if (body.length === 0) return args;
  const type = typeOf(request);
  if (type === 'application/x-www-form-urlencoded')
    return { ...args, ...Object.fromEntries(new URLSearchParams(body.toString('utf8'))) };
  if (type === '') throw new SlackError('missing_post_type');
  if (type !== 'application/json') throw new SlackError('invalid_post_type');
  const parsed = parseJson(body.toString('utf8'));
  if (parsed === undefined) throw new SlackError('invalid_json');
  if (!isObject(parsed)) throw new SlackError('json_not_object');
  // With JSON the token goes into the header.
  const { token: _token, ...rest } = parsed;
  return { ...args, ...rest };
}

/** The file of an upload: the body itself, or the one part of a multipart form. */
export async function decodeFile(request: IncomingMessage, body: Buffer): Promise<Buffer> {
  if (typeOf(request) !== 'multipart/form-data') return body;
  const headers = { 'content-type': request.headers['content-type'] ?? '' };
  const form = await new Response(new Uint8Array(body), { headers }).formData();
  for (const [, value] of form) if (typeof value !== 'string') return Buffer.from(await value.arrayBuffer());
  throw new SlackError('no_file_data');
}

export function readToken(request: IncomingMessage, args: Arguments): string | undefined {
  const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const { token } = args;
  return bearer ?? (typeof token === 'string' && token !== '' ? token : undefined);
}
