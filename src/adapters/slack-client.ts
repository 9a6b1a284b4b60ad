import { WebClient, type WebClientOptions } from '@slack/web-api';
import { chatError, explainSlackError } from './slack-errors.ts';
import { bridgeLog, type SlackLog } from './slack-log.ts';
import type { SlackPlaces } from './slack-places.ts';

/** How long one request to Slack may take, ms. */
const REQUEST_MS = 5_000;

/** One request to Slack: ends by itself, and throws DrErrors only. */
export type CallSlack = <T>(method: string, request: (web: WebClient) => Promise<T>, signal: AbortSignal) => Promise<T>;

/** The client never tries again by itself: whether a message may go out twice is for the ledger to say. */
export function clientOptions({ api }: SlackPlaces, log: SlackLog, closing: AbortSignal): WebClientOptions {
  return {
    slackApiUrl: api,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: REQUEST_MS,
    maxRequestConcurrency: 10,
    allowAbsoluteUrls: false,
    logger: bridgeLog(log),
    fetch: (url, init) =>
      fetch(url, { ...init, signal: AbortSignal.any([closing, ...(init?.signal ? [init.signal] : [])]) }),
  };
}

export function createCaller(botToken: string, options: WebClientOptions): CallSlack {
  const web = new WebClient(botToken, options);
  return async (method, request, signal) => {
    if (signal.aborted) throw chatError('CHAT_UNREACHABLE', `${method} was not sent: it was called off before.`);
    const limit = AbortSignal.any([signal, AbortSignal.timeout(REQUEST_MS)]);
    const { promise: ended, reject } = Promise.withResolvers<never>();
    const end = () => reject(limit.reason);
    limit.addEventListener('abort', end, { once: true });
    try {
      return await Promise.race([request(web), ended]);
    } catch (thrown) {
      // The client takes no signal, so an abort leaves the request to itself: Slack may have it.
      throw signal.aborted
        ? chatError('CHAT_UNANSWERED', `${method} was called off while Slack had it.`, { cause: thrown })
        : explainSlackError(method, thrown);
    } finally {
      limit.removeEventListener('abort', end);
    }
  };
}
