import { foldIncident, type IncidentView } from '../../../src/domain/incident.ts';
import type { IncidentContext } from '../../../src/domain/incident-context.ts';
import {
  IncidentEvent,
  type IncidentEventDraft,
  incidentStream,
  type Opening,
} from '../../../src/domain/incident-events.ts';
import type { IncidentSettings } from '../../../src/domain/incident-settings.ts';
import type { Entry } from '../../../src/domain/ledger.ts';
import { foldRun, type RunView } from '../../../src/domain/run.ts';
import { entriesOf } from '../../domain/run-fixture.ts';
import * as runs from '../slack/story.ts';

/** One incident as it goes: declared by an alert at 02:58 UTC, paged, worked on in its room, recovered by a run. */

export const MINUTE = 60_000;
export const DECLARED = Date.UTC(2026, 0, 31, 2, 58, 2);
export const LEAD = { kind: 'slack', user: 'U0LEAD' } as const;

export type Draft = IncidentEventDraft & { at?: number };

export const at = (minutes: number, seconds = 0) => DECLARED + minutes * MINUTE + seconds * 1_000;

export const OPENING: Opening = {
  incident: '20260131-025802',
  installation: 'here-and-now',
  title: 'data-processing does not answer',
  severity: 'sev1',
  service: 'etl',
  target: { namespace: 'data-processing' },
  private: false,
  by: { kind: 'alert', source: 'alertmanager', route: 'production' },
  domain: 'data-processing',
  runbook: 'restore-namespace',
  page: {},
  invite: [],
  tell: [],
};

export const SETTINGS: IncidentSettings = {
  statusUpdateMs: 15 * MINUTE,
  pager: { rest: true, events: true },
  chat: true,
  announceIn: 'C0INCIDENTS',
  stakeholders: 'C0STAKE',
};

export function alert(name: string, more: object = {}) {
  return {
    ...{ source: 'alertmanager', fingerprint: name, status: 'firing' as const, name },
    ...{ summary: `${name} in data-processing`, labels: { service: 'etl' }, startsAt: DECLARED - 30_000 },
    ...{ url: `https://prometheus.example/${name}` },
    ...more,
  };
}

export const declared: Draft = { type: 'incident.declared', opening: OPENING };
export const alerted: Draft = {
  type: 'incident.alerts-recorded',
  upTo: '1-0',
  alerts: [alert('PodsMissing'), alert('QueueStalled', { labels: { service: 'queue' } })],
};
export const begun = (...keys: string[]): Draft => ({
  type: 'effects.begun',
  effects: keys.map((key) => ({ key, attempt: 1 })),
  worker: 'w1',
});
export const done = (key: string, result = {}, when?: number): Draft => ({
  type: 'effect.done',
  key,
  result,
  ...(when === undefined ? {} : { at: when }),
});
export const delayed = (key: string, why: string): Draft => ({ type: 'effect.delayed', key, why });
export const refused = (key: string, why: string): Draft => ({ type: 'effect.refused', key, why });

export const paged = done('page:1', { pager: 'PT4KHLK', url: 'https://acme.pagerduty.com/incidents/PT4KHLK' });
export const opened = done('open-room', { channel: 'C0ROOM', name: 'incident-20260131-025802' });
export const onCall = done('find-on-call', {
  responders: [
    { name: 'Lea Lead', pager: 'P1', level: 1, slack: 'U0LEAD' },
    { name: 'Ned Night', pager: 'P2', level: 2 },
  ],
});
export const acknowledged: Draft = {
  type: 'page.changed',
  page: 'page:1',
  change: 'acknowledge',
  by: LEAD,
  at: at(1, 30),
};
export const commanded: Draft = { type: 'role.assigned', role: 'commander', user: 'U0LEAD', by: LEAD, at: at(2) };
export const linked: Draft = {
  type: 'incident.run-linked',
  run: 'k7m2qd',
  command: 'restore namespace data-processing',
  by: LEAD,
  at: at(2, 10),
};
export const half: Draft = { type: 'incident.rto-marked', percent: 50, at: at(7, 30) };
export const over: Draft[] = [half, { ...half, percent: 80, at: at(12) }, { ...half, percent: 100, at: at(15) }];
export const drafted: Draft = {
  type: 'slot.drafted',
  slot: 1,
  text: 'Current status: open.\nEstimate: unknown.',
  at: at(15),
};
export const updated: Draft = {
  type: 'update.posted',
  slot: 1,
  text: 'We are restoring data-processing.\nNext: check the queue.',
  by: LEAD,
  at: at(16),
};
export const mitigated: Draft = { type: 'incident.mitigated', by: LEAD, at: at(13) };
export const resolved: Draft = { type: 'incident.resolved', summary: 'restored from backup', by: LEAD, at: at(38) };
export const clear: Draft = {
  type: 'incident.alerts-recorded',
  upTo: '2-0',
  alerts: ['PodsMissing', 'QueueStalled'].map((name) => alert(name, { status: 'resolved', endsAt: at(14) })),
  at: at(14),
};

export const working = [
  ...[declared, alerted, begun('page:1', 'open-room', 'find-on-call', 'announce')],
  ...[paged, opened, onCall, begun('post-card', 'invite:U0LEAD'), acknowledged, commanded],
];

/** Each draft a second after the one before, unless it says when. */
export function viewOf(drafts: readonly Draft[]): IncidentView {
  let last = DECLARED - 1_000;
  const entries: Entry[] = drafts.map((draft, index) => {
    last = draft.at ?? last + 1_000;
    return { id: `${last}-${index}`, event: IncidentEvent.parse({ v: 1, eid: `e${index}`, ...draft, at: last }) };
  });
  const state = foldIncident(entries);
  if (state === undefined) throw new Error('no incident');
  return { stream: incidentStream(state.opening.incident), entries, state };
}

export function contextOf(drafts: readonly Draft[], more: Partial<IncidentContext> = {}): IncidentContext {
  return { view: viewOf(drafts), now: at(8), settings: SETTINGS, runs: [], backup: undefined, ...more };
}

export function runView(drafts: Parameters<typeof entriesOf>): RunView {
  const entries = entriesOf(...drafts);
  const state = foldRun(entries);
  if (state === undefined) throw new Error('no run');
  return { stream: 'run-k7m2qd', entries, state };
}

export const RESTORING = { view: runView(runs.running), progress: 'velero: 9 of 14 items restored' };
export const RECOVERED = { view: runView(runs.recovered), progress: undefined };
export const BACKUP = 'Newest usable backup of data-processing: daily-full-backup-20260131022000, 38 min old.';
