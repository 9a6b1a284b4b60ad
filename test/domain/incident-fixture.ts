import { foldIncident, type IncidentState } from '../../src/domain/incident.ts';
import type { IncidentEvent, IncidentEventDraft, Opening } from '../../src/domain/incident-events.ts';
import type { IncidentSettings } from '../../src/domain/incident-settings.ts';

/** 17:41:58 UTC. */
export const DECLARED_AT = Date.UTC(2026, 10, 26, 17, 41, 58);
export const ONCALL = { kind: 'slack', user: 'U0ONCALL1' } as const;

export const SETTINGS: IncidentSettings = {
  statusUpdateMs: 15 * 60_000,
  pager: { rest: true, events: true },
  chat: true,
  announceIn: 'incidents',
  stakeholders: undefined,
};

export function openingOf(more: Partial<Opening> = {}): Opening {
  return {
    ...{ incident: '20261126-174158', installation: '0f0f0f0f-1111', title: 'ClickHouse is down', severity: 'sev1' },
    ...{ private: false, by: { kind: 'alert', source: 'alertmanager', route: 'default' }, domain: 'default/prod/data' },
    ...{ page: {}, invite: [], tell: [] },
    ...more,
  };
}

/** The state after these events; each comes a second after the one before it unless `at` says when. */
export function incidentAfter(
  drafts: readonly (IncidentEventDraft & { at?: number })[],
  more: Partial<Opening> = {},
): IncidentState {
  const declared: IncidentEventDraft = { type: 'incident.declared', opening: openingOf(more) };
  const entries = [declared, ...drafts].map((draft, index) => {
    const at = 'at' in draft && draft.at !== undefined ? draft.at : DECLARED_AT + index * 1_000;
    return { id: `${index + 1}-0`, event: { ...draft, v: 1, eid: `e${index}`, at } as IncidentEvent };
  });
  const state = foldIncident(entries);
  if (state === undefined) throw new Error('not an incident');
  return state;
}

export function begun(...keys: string[]): IncidentEventDraft {
  return { type: 'effects.begun', worker: 'w', effects: keys.map((key) => ({ key, attempt: 1 })) };
}

export function done(key: string, result = {}): IncidentEventDraft {
  return { type: 'effect.done', key, result };
}

export const ROOM_OPEN = [begun('open-room'), done('open-room', { channel: 'C0ROOM', name: 'incident-x' })];
