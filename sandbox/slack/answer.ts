import type { ServerResponse } from 'node:http';
import { SlackError } from './slack-error.ts';

export interface Answer {
  status: number;
  headers?: Record<string, string>;
  body: string | Buffer;
  /** For the log: `ok`, or why not. */
  outcome: string;
}

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };

export function answerJson(body: Record<string, unknown>, outcome: string, status = 200): Answer {
  return { status, headers: JSON_TYPE, body: JSON.stringify(body), outcome };
}

export const answerOk = (result: Record<string, unknown>): Answer => answerJson({ ok: true, ...result }, 'ok');

export const answerError = (code: string, details: Readonly<Record<string, unknown>> = {}): Answer =>
  answerJson({ ok: false, error: code, ...details }, code);

export function answerPlain(status: number, text: string): Answer {
  return {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    body: text,
    outcome: status === 200 ? 'ok' : text,
  };
}

export function answerRateLimited(seconds: number): Answer {
  const answer = answerJson({ ok: false, error: 'ratelimited' }, 'ratelimited', 429);
  return { ...answer, headers: { ...JSON_TYPE, 'retry-after': String(seconds) } };
}

export function answerStatus(code: number): Answer {
  return {
    status: code,
    headers: { 'content-type': 'text/html; charset=utf-8' },
    body: `<html><body>${code}</body></html>`,
    outcome: `http ${code}`,
  };
}

/** Runs it; a refusal becomes Slack's answer to it. */
export function answerWith(run: () => Record<string, unknown>): Answer {
  try {
    return answerOk(run());
  } catch (error) {
    if (error instanceof SlackError) return answerError(error.code, error.details);
    throw error;
  }
}

export function writeAnswer(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
