import { z } from 'zod';
import { isDrError } from '../errors.ts';
import type { PagerInspection } from '../inspection-ports.ts';
import { refused } from './pagerduty-errors.ts';
import { knowsEmail, knowsPolicy, listOnCall, policyOf } from './pagerduty-people.ts';
import { createRequests, readAnswer } from './pagerduty-request.ts';

const LIMIT_MS = 5_000;

const ServiceAnswer = z.object({ service: z.object({ name: z.string(), status: z.string() }) });

const Integrations = z.object({
  service: z.object({ integrations: z.array(z.object({ integration_key: z.string().nullish() })) }),
});

/** `apiUrl`: PagerDuty's REST API, with or without a slash at its end. */
export function createPagerInspection(setup: { token: string; apiUrl: string; serviceId: string }): PagerInspection {
  const requests = createRequests(setup);
  const path = `/services/${encodeURIComponent(setup.serviceId)}`;
  const within = (signal: AbortSignal) => AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]);
  return {
    service: async (signal) => {
      const question = { method: 'GET', path } as const;
      const answer = await requests.ask(question, within(signal));
      if (answer.status === 404)
        throw refused(`PagerDuty has no service ${setup.serviceId}.`, 'Correct PAGERDUTY_SERVICE_ID.');
      return readAnswer(ServiceAnswer, question, answer).service;
    },
    takesEvents: async (routingKey, signal) => {
      const question = { method: 'GET' as const, path, query: { 'include[]': ['integrations'] } };
      const { service } = await requests.read(Integrations, question, within(signal));
      const keys = service.integrations.flatMap(({ integration_key: key }) => key ?? []);
      return keys.length === 0 ? undefined : keys.includes(routingKey);
    },
    onCall: async (signal) => {
      const limit = within(signal);
      const policy = await policyOf(requests, setup.serviceId, limit);
      try {
        return await listOnCall(requests, policy, limit);
      } catch (thrown) {
        if (!isDrError(thrown, 'PAGER_REFUSED')) throw thrown;
        const action = 'Give PAGERDUTY_API_TOKEN the right to read on-calls and users.';
        throw refused(`PagerDuty does not tell who is on call: ${thrown.message}`, action);
      }
    },
    hasPolicy: (policy, signal) => knowsPolicy(requests, policy, within(signal)),
    knows: (email, signal) => knowsEmail(requests, email, within(signal)),
  };
}
