import { z } from 'zod';
import type { PageOrder, PagerEvents } from '../incident-ports.ts';
import { asksToWait, explainFault, faultCode, refused, unanswered, unreachable, waitOf } from './pagerduty-errors.ts';

const LIMIT_MS = 5_000;
/** PagerDuty's limits, in characters. */
const LONGEST_SUMMARY = 1_024;
const LONGEST_DETAILS = 10_000;

/** What the network says when nothing was sent. */
const NOT_SENT = new Set([
  ...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ENETDOWN', 'EADDRNOTAVAIL'],
  ...['UND_ERR_CONNECT_TIMEOUT', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'CERT_HAS_EXPIRED'],
  ...['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'ERR_TLS_CERT_ALTNAME_INVALID', 'EPROTO'],
]);

const Taken = z.object({ status: z.literal('success') });
const Refusal = z.object({ message: z.string().optional(), errors: z.array(z.string()).optional() });

type Action = Parameters<PagerEvents['send']>[0];

/** Events API v2 by one plain request each, as PagerDuty's client cannot be pointed elsewhere. An event of one key is the same one. */
export function createPagerEvents(setup: { routingKey: string; eventsUrl: string }): PagerEvents {
  const url = `${setup.eventsUrl.replace(/\/+$/, '')}/v2/enqueue`;
  return {
    send: async (action, order, signal) => {
      if (order.key === '') throw refused('A page has no key.', 'Report this.');
      const limit = AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]);
      if (limit.aborted) throw unreachable(explainFault(undefined, limit));
      const { response, data } = await post(url, describeEvent(setup.routingKey, action, order), limit);
      explainAnswer(response, data);
    },
  };
}

async function post(url: string, event: object, signal: AbortSignal): Promise<{ response: Response; data: unknown }> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(event),
      redirect: 'manual',
      signal,
    });
    return { response, data: parse(await response.text()) };
  } catch (thrown) {
    const why = explainFault(thrown, signal);
    const code = faultCode(thrown);
    throw code !== undefined && NOT_SENT.has(code)
      ? unreachable(why, { cause: thrown })
      : unanswered('an event', why, thrown);
  }
}

function explainAnswer({ status, headers }: Response, data: unknown): void {
  if (status === 429) throw asksToWait(waitOf(Object.fromEntries(headers)));
  if (status >= 500 || status === 408) throw unanswered('an event', `HTTP ${status}`);
  if (status >= 200 && status < 300) {
    if (!Taken.safeParse(data).success) throw unanswered('an event', `HTTP ${status} with something else`);
    return;
  }
  const { message, errors = [] } = Refusal.safeParse(data).data ?? {};
  const words = [message, ...errors].filter((it) => it !== undefined).map((it) => it.slice(0, 200));
  throw refused(
    `PagerDuty refused the event (HTTP ${status})${words.length === 0 ? '' : `: ${words.join('; ')}`}.`,
    'Correct PAGERDUTY_ROUTING_KEY: the integration key of an Events API v2 integration on the service.',
  );
}

function describeEvent(routingKey: string, action: Action, { key, title, details, urgency, url }: PageOrder): object {
  const event = { routing_key: routingKey, event_action: action, dedup_key: key };
  if (action !== 'trigger') return event;
  return {
    ...event,
    payload: {
      summary: title.slice(0, LONGEST_SUMMARY),
      source: 'muster',
      severity: urgency === 'high' ? 'critical' : 'warning',
      custom_details: { details: details.slice(0, LONGEST_DETAILS) },
    },
    client: 'Muster',
    ...(url === undefined ? {} : { client_url: url, links: [{ href: url, text: 'War room' }] }),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
