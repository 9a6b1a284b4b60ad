import { createHmac } from 'node:crypto';
import { request } from 'node:http';

export interface Posting {
  url: string;
  /** Every secret that is good now: two while one takes over from the other. */
  secrets: readonly string[];
  body: string;
  headers: Readonly<Record<string, string>>;
  timeoutMs: number;
  signal: AbortSignal;
}

export interface Reply {
  /** undefined: there was no answer. */
  status: number | undefined;
  text: string;
  tookMs: number;
}

/** `v1=...`, once for each secret, over the body's very bytes. */
export function signBody(secrets: readonly string[], body: string): string {
  return secrets.map((secret) => `v1=${createHmac('sha256', secret).update(body).digest('hex')}`).join(',');
}

/** Sends it and waits for the answer. Never rejects: no answer is a reply without a status. */
export function postSigned({ url, secrets, body, headers, timeoutMs, signal }: Posting): Promise<Reply> {
  const started = performance.now();
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  return new Promise((resolve) => {
    const finish = (status?: number, text = '') =>
      resolve({ status, text, tookMs: Math.round(performance.now() - started) });
    const all = {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
      'user-agent': 'PagerDuty-Webhook/V3.0',
      accept: '*/*',
      ...(secrets.length === 0 ? {} : { 'x-pagerduty-signature': signBody(secrets, body) }),
      ...headers,
    };
    const outgoing = request(url, { method: 'POST', agent: false, headers: all, signal: limit }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', () => finish());
      response.on('end', () => finish(response.statusCode, Buffer.concat(chunks).toString('utf8')));
    });
    outgoing.on('error', () => finish());
    outgoing.end(body);
  });
}
