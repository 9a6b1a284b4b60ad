import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Reply, tooLarge } from './request.ts';
import { StatusError, toStatus } from './status-error.ts';

/** As kube-apiserver's limit for resource writes. */
const BODY_LIMIT = 3 * 1024 * 1024;

/** The whole body. @throws StatusError 413 */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    // The rest is read and thrown away, so that the client gets to see the answer.
    if (size <= BODY_LIMIT) chunks.push(chunk);
  }
  if (size > BODY_LIMIT) throw tooLarge(BODY_LIMIT);
  return Buffer.concat(chunks);
}

/** Sends the answer in one piece. */
export function sendReply(response: ServerResponse, reply: Reply): void {
  const isText = typeof reply.body === 'string';
  const body = isText ? (reply.body as string) : `${JSON.stringify(reply.body)}\n`;
  const contentType = reply.contentType ?? (isText ? 'text/plain; charset=utf-8' : 'application/json');
  response.writeHead(reply.code, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-cache, private',
    ...reply.headers,
  });
  response.end(body);
}

/** The answer that reports a failure; what is no StatusError is the server's own fault, 500. */
export function toReply(error: unknown): Reply {
  if (!(error instanceof StatusError)) {
    const message = `Internal error occurred: ${error instanceof Error ? error.message : String(error)}`;
    return { code: 500, body: toStatus(new StatusError(500, 'InternalError', message)) };
  }
  const seconds = error.details?.retryAfterSeconds;
  const headers = seconds === undefined ? {} : { 'retry-after': String(seconds) };
  return { code: error.code, body: toStatus(error), headers };
}
