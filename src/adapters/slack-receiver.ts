import type { IncomingMessage } from 'node:http';
import { isCertificateCheck, parsePayload, type Received } from './slack-payload.ts';
import { isSigned } from './slack-signature.ts';

/** What a route answers, as the HTTP server takes it. */
export interface HttpAnswer {
  status: number;
  body: string;
  contentType?: string;
}
type ReadBody = (limits: { maxBytes: number; contentTypes: readonly string[] }) => Promise<Buffer | HttpAnswer>;
export type SlackRoute = (request: IncomingMessage, readBody: ReadBody) => Promise<HttpAnswer>;

/** A button's payload holds the whole message it is on. */
const MOST_BYTES = 1_048_576;
const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json';

/** @param arrivedAt when the request came, as performance.now() tells */
type Process = (received: Received, request: IncomingMessage, arrivedAt: number) => Promise<HttpAnswer>;

/** Judges one request of Slack's: who sent it, whether it can be read; the rest is for `process`. */
export function createRoute(signingSecret: string, process: Process): SlackRoute {
  return async (request, readBody) => {
    const arrivedAt = performance.now();
    const raw = await readBody({ maxBytes: MOST_BYTES, contentTypes: [JSON_TYPE, FORM] });
    if (!Buffer.isBuffer(raw)) return raw;
    const isForm = request.headers['content-type']?.trim().toLowerCase().startsWith(FORM) === true;
    if (isForm && isCertificateCheck(raw)) return EMPTY;
    if (!isSigned(signingSecret, request.headersDistinct, raw, Date.now())) return { status: 401, body: '' };
    const payload = parsePayload(raw, isForm);
    if (payload === undefined) return { status: 400, body: '' };
    return 'challenge' in payload ? { status: 200, body: payload.challenge } : process(payload, request, arrivedAt);
  };
}

const EMPTY: HttpAnswer = { status: 200, body: '' };

/** An answer to Slack, as HTTP has it. */
export function renderAnswer(status: number, content: object | undefined): HttpAnswer {
  if (content === undefined) return { status, body: '' };
  return { status, body: JSON.stringify(content), contentType: 'application/json' };
}

/** How often Slack has sent this before, and why it sends it again. */
export function retryOf({ headers }: IncomingMessage): { retryNum?: number; retryReason?: string } {
  const [count, reason] = [headers['x-slack-retry-num'], headers['x-slack-retry-reason']];
  return {
    ...(typeof count === 'string' && /^\d{1,3}$/.test(count) ? { retryNum: Number(count) } : {}),
    ...(typeof reason === 'string' ? { retryReason: reason } : {}),
  };
}
