import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LogLevel, WebClient, type WebClientOptions } from '@slack/web-api';
import { type SandboxSlack, type SlackOptions, startSlack } from '../../../sandbox/slack/start-slack.ts';

/** A logger for the SDKs that says nothing. */
export const silent = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  getLevel: () => LogLevel.ERROR,
  setName: () => undefined,
};

/** The real client, pointed at the local Slack; it retries nothing. */
export function connect(slack: SandboxSlack, token = slack.botToken, options: WebClientOptions = {}): WebClient {
  return new WebClient(token, {
    slackApiUrl: slack.url,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: 2_000,
    logger: silent,
    ...options,
  });
}

export interface Bench {
  slack: SandboxSlack;
  client: WebClient;
  close(): Promise<void>;
}

export async function startBench(options: SlackOptions = {}): Promise<Bench> {
  const slack = await startSlack(options);
  return { slack, client: connect(slack), close: slack.close };
}

/** Slack's error code for a call that fails, or `ok`. */
export async function outcome(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'ok';
  } catch (error) {
    const data = (error as { data?: { error?: string } }).data;
    if (data?.error === undefined) throw error;
    return data.error;
  }
}

/** What Slack says about the arguments of a call that fails. */
export async function complaints(call: Promise<unknown>): Promise<string[]> {
  try {
    await call;
    return [];
  } catch (error) {
    const data = (error as { data?: { response_metadata?: { messages?: string[] } } }).data;
    return data?.response_metadata?.messages ?? [];
  }
}

export interface Received {
  headers: IncomingMessage['headers'];
  body: string;
}

export interface Receiver {
  url: string;
  received: Received[];
  /** How it answers from now on; undefined: not at all. */
  answer: ((received: Received) => { status?: number; json?: unknown; text?: string } | undefined) | undefined;
  close(): Promise<void>;
}

/** An app that is nothing but an HTTP server: what arrives is kept, the answer is up to the test. */
export async function startReceiver(): Promise<Receiver> {
  const receiver: Receiver = {
    url: '',
    received: [],
    answer: () => ({ status: 200 }),
    close: () => new Promise((resolve) => server.close(() => resolve()).closeAllConnections()),
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const got = { headers: request.headers, body: Buffer.concat(chunks).toString() };
      receiver.received.push(got);
      const answer = receiver.answer?.(got);
      if (answer === undefined) return;
      const { status = 200, json, text = '' } = answer;
      if (json === undefined) response.writeHead(status).end(text);
      else response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`;
  return receiver;
}
