import type { ServerResponse } from 'node:http';
import type { Json, JsonObject } from '../slack/json.ts';
import { ApiError } from './api-error.ts';
import type { Api } from './call-log.ts';

export interface Answer {
  status: number;
  headers?: Record<string, string>;
  body: Json;
  /** For the log: `ok`, or why not. */
  outcome: string;
}

export const answerWith = (status: number, body: JsonObject, outcome = 'ok'): Answer => ({ status, body, outcome });

/** A page that is no JSON, as proxies send. */
export function answerPage(status: number, outcome = `http ${status}`): Answer {
  return { status, body: `<html><body>${status}</body></html>`, outcome };
}

export function answerError({
  status,
  code,
  message,
  errors,
}: Omit<ApiError, keyof Error> & { message: string }): Answer {
  const error = errors.length === 0 ? { message, code } : { message, code, errors: [...errors] };
  return answerWith(status, { error }, [message, ...errors].join(': '));
}

export function answerRateLimited(api: Api, headers: Record<string, string>): Answer {
  if (api === 'rest') return { ...answerError(new ApiError(429, 2020, 'Rate Limit Exceeded')), headers };
  const message = 'Requests for this service are arriving too quickly. Please retry later.';
  return { ...answerWith(429, { status: 'throttle exceeded', message, errors: [message] }, message), headers };
}

export function rateHeaders(limit: number, remaining: number, reset: number): Record<string, string> {
  return {
    'ratelimit-limit': String(limit),
    'ratelimit-remaining': String(remaining),
    'ratelimit-reset': String(reset),
  };
}

export function writeAnswer(response: ServerResponse, { status, headers, body }: Answer): void {
  const isPage = typeof body === 'string';
  const text = isPage ? body : JSON.stringify(body);
  response.writeHead(status, {
    'content-type': isPage ? 'text/html; charset=utf-8' : 'application/json; charset=utf-8',
    ...headers,
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}
