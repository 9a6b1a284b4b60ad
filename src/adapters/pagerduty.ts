import { z } from 'zod';
import type { Pager } from '../incident-ports.ts';
import { changeIncident } from './pagerduty-change.ts';
import { findIncident, readIncident, triggerIncident } from './pagerduty-incidents.ts';
import { isChangeMade } from './pagerduty-made.ts';
import { listOnCall, policyOf, searchPeople } from './pagerduty-people.ts';
import { createRequests, loadClient } from './pagerduty-request.ts';

/** How long the second way to page waits for the first, ms. */
const TRIGGER_MS = 3_000;
const LIMIT_MS = 5_000;

export interface PagerSetup {
  token: string;
  apiUrl: string;
  serviceId: string;
  /** The e-mail address of a PagerDuty user, in whose name incidents are made. */
  from: string;
}

/** PagerDuty's REST API. Nothing is loaded or asked before the first call. */
export function createPager({ token, apiUrl, serviceId: service, from }: PagerSetup): Pager {
  const requests = createRequests({ token, apiUrl });
  const within = (ms: number, signal: AbortSignal) => AbortSignal.any([signal, AbortSignal.timeout(ms)]);
  return {
    trigger: (order, signal) => triggerIncident(requests, { service, from }, order, within(TRIGGER_MS, signal)),
    find: (key, signal) => findIncident(requests, key, within(LIMIT_MS, signal)),
    read: (incident, signal) => readIncident(requests, incident, within(LIMIT_MS, signal)),
    change: (incident, change, by, signal) => {
      // No header carries anything else.
      const isSendable = by !== undefined && by !== from && z.email().safeParse(by).success;
      const names = isSendable ? [by, from] : [from];
      return changeIncident(requests, { incident, change, names }, within(LIMIT_MS, signal));
    },
    isMade: (incident, change, since, signal) =>
      isChangeMade(requests, { incident, change, since }, within(LIMIT_MS, signal)),
    onCall: async (policy, signal) => {
      const limit = within(LIMIT_MS, signal);
      return listOnCall(requests, policy ?? (await policyOf(requests, service, limit)), limit);
    },
    search: (who, signal) => searchPeople(requests, who, within(LIMIT_MS, signal)),
  };
}

/** Loads what paging needs, so that the first page does not wait for it; what fails here fails there, where it is told. */
export function warmPager(): void {
  loadClient().catch(() => undefined);
}
