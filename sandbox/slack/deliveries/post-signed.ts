import { createHmac } from 'node:crypto';
import { request } from 'node:http';

/** How a forged delivery differs from one of Slack's. */
export interface Forgery {
  /** Signs with this in place of the real secret. */
  secret?: string;
  /** Sends no signature at all. */
  unsigned?: boolean;
  /** Claims to have been sent so long ago. */
  ageSeconds?: number;
}

export interface Posting {
  url: string;
  signingSecret: string;
  body: string;
  contentType: string;
  timeoutMs: number;
  headers?: Readonly<Record<string, string>>;
  forgery?: Forgery | undefined;
  signal: AbortSignal;
}

export interface Reply {
  status: number | undefined;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  text: string;
  tookMs: number;
  failure: 'timeout' | 'connection' | undefined;
}

/** As Slack signs: an HMAC over version, time and the body's very bytes. */
export function signBody(secret: string, timestamp: number, body: string): string {
  return `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
}

function headersOf({ body, contentType, signingSecret, headers, forgery = {} }: Posting): Record<string, string> {
  // Real time, even where a test moves the workspace's clock: the bot compares it with its own.
  const timestamp = Math.floor(Date.now() / 1_000) - (forgery.ageSeconds ?? 0);
  const signature = signBody(forgery.secret ?? signingSecret, timestamp, body);
  return {
    'content-type': contentType,
    'content-length': String(Buffer.byteLength(body)),
    'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
    accept: 'application/json,*/*',
    'x-slack-request-timestamp': String(timestamp),
    ...(forgery.unsigned === true ? {} : { 'x-slack-signature': signature }),
    ...headers,
  };
}

/** Sends it and waits for the answer as long as Slack does. Never rejects: what went wrong is in `failure`. */
export function postSigned(posting: Posting): Promise<Reply> {
  const started = performance.now();
  const timer = AbortSignal.timeout(posting.timeoutMs);
  const signal = AbortSignal.any([posting.signal, timer]);
  return new Promise((resolve) => {
    const finish = (reply: Partial<Reply>) =>
      resolve({
        status: undefined,
        headers: {},
        text: '',
        failure: undefined,
        ...reply,
        tookMs: Math.round(performance.now() - started),
      });
    const fail = () => finish({ failure: timer.aborted ? 'timeout' : 'connection' });
    const options = { method: 'POST', agent: false as const, headers: headersOf(posting), signal };
    const outgoing = request(posting.url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', fail);
      response.on('end', () =>
        finish({
          status: response.statusCode,
          headers: response.headers,
          text: Buffer.concat(chunks).toString('utf8'),
        }),
      );
    });
    outgoing.on('error', fail);
    outgoing.end(posting.body);
  });
}
