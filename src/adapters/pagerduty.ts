import { api } from '@pagerduty/pdjs';
import { z } from 'zod';
import { DrError } from '../errors.ts';
import type { PagerInspection } from '../inspection-ports.ts';

const LIMIT_MS = 5_000;

const ServiceAnswer = z.object({ service: z.object({ name: z.string(), status: z.string() }) });

/** `apiUrl`: PagerDuty's REST API, with or without a slash at its end. */
export function createPagerInspection(setup: { token: string; apiUrl: string; serviceId: string }): PagerInspection {
  const url = `${setup.apiUrl.replace(/\/+$/, '')}/services/${encodeURIComponent(setup.serviceId)}`;
  return {
    service: async (signal) => {
      const { status, data } = await ask(setup.token, url, signal);
      if (status === 429 || status >= 500) throw unreachable(`HTTP ${status}`);
      if (status === 401 || status === 403)
        throw refused(`PagerDuty refused the token (HTTP ${status}).`, 'PAGERDUTY_API_TOKEN');
      if (status === 404) throw refused(`PagerDuty has no service ${setup.serviceId}.`, 'PAGERDUTY_SERVICE_ID');
      const parsed = ServiceAnswer.safeParse(data);
      if (!parsed.success) throw unreachable(`HTTP ${status} with something that is no service`);
      return parsed.data.service;
    },
  };
}

/** The client's own time-out does nothing but keep the process alive, so there is none; the signal is what ends a call. */
async function ask(token: string, url: string, signal: AbortSignal): Promise<{ status: number; data: unknown }> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]);
  try {
    const { status, data } = await api({
      token,
      url,
      method: 'GET',
      requestTimeout: 0,
      retryTimeout: 500,
      signal: limit,
    });
    return { status, data };
  } catch (thrown) {
    // An answer that is no JSON is thrown as it came.
    if (thrown instanceof Object && 'status' in thrown && typeof thrown.status === 'number')
      return { status: thrown.status, data: undefined };
    throw unreachable(limit.aborted ? 'no answer in time' : thrown instanceof Error ? thrown.message : 'unknown fault');
  }
}

function unreachable(why: string): DrError {
  return new DrError({
    code: 'PAGER_UNREACHABLE',
    message: `PagerDuty does not answer (${why}).`,
    action: 'Check that PagerDuty can be reached from here, and PAGERDUTY_API_URL.',
    retryable: true,
  });
}

function refused(message: string, variable: string): DrError {
  return new DrError({ code: 'PAGER_REFUSED', message, action: `Correct ${variable}.` });
}
