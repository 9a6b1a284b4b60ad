import { z } from 'zod';
import type { PagerChange } from '../incident-ports.ts';
import { LONGEST_NOTE } from './pagerduty-change.ts';
import type { PagerRequests } from './pagerduty-request.ts';

/** PagerDuty tells whole seconds, and its clock may be behind ours by as much again, ms. */
const SKEW_MS = 2_000;

const Moment = z.string().transform((text) => Date.parse(text));
const Incident = z.object({ incident: z.object({ assignments: z.array(z.object({ at: Moment })).nullish() }) });
const Notes = z.object({ notes: z.array(z.object({ content: z.string(), created_at: Moment })) });

export interface Sought {
  incident: string;
  change: Extract<PagerChange, { escalate: true } | { note: string }>;
  /** Milliseconds since 1970. */
  since: number;
}

/** What became of a change that nobody saw end. @throws DrError as Pager does */
export async function isChangeMade(
  requests: PagerRequests,
  { incident, change, since }: Sought,
  signal: AbortSignal,
): Promise<boolean> {
  const path = `/incidents/${encodeURIComponent(incident)}`;
  const from = since - SKEW_MS;
  if ('note' in change) {
    const { notes } = await requests.read(Notes, { method: 'GET', path: `${path}/notes` }, signal);
    const content = change.note.slice(0, LONGEST_NOTE);
    return notes.some((note) => note.content === content && note.created_at >= from);
  }
  const { assignments } = (await requests.read(Incident, { method: 'GET', path }, signal)).incident;
  return assignments?.some(({ at }) => at >= from) === true;
}
