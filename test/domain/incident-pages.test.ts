import { expect, test } from 'vitest';
import type { PagerNotice } from '../../src/domain/alert.ts';
import type { IncidentEventDraft } from '../../src/domain/incident-events.ts';
import { pageKeyAt, parsePageKey } from '../../src/domain/incident-pages.ts';
import { begun, DECLARED_AT, done, incidentAfter, ONCALL, openingOf } from './incident-fixture.ts';

const PAGED = [begun('page:1'), done('page:1', { pager: 'Q1' })];

function notice(id: string, type: string, seconds: number, more: Partial<PagerNotice> = {}): IncidentEventDraft {
  const base = {
    id,
    type: `incident.${type}`,
    occurredAt: DECLARED_AT + seconds * 1_000,
    incident: 'Q1',
    assignees: [],
  };
  return { type: 'incident.pager-noticed', upTo: `${id}-0`, notice: { ...base, ...more } };
}

const page = (...drafts: IncidentEventDraft[]) => incidentAfter([...PAGED, ...drafts]).pages.get('page:1');

test('an acknowledgement that comes late, after the resolution, changes nothing but who it was', () => {
  const resolved = notice('a', 'resolved', 60, { status: 'resolved' });
  const acknowledged = notice('b', 'acknowledged', 30, { status: 'acknowledged', by: 'lead' });
  expect(page(resolved, acknowledged)).toMatchObject({ status: 'resolved', acknowledged: { by: 'lead' } });
  expect(page(acknowledged, resolved)).toMatchObject({ status: 'resolved', acknowledged: { by: 'lead' } });
});

test('the same notice twice is one', () => {
  const acknowledged = notice('b', 'acknowledged', 30, { status: 'acknowledged', by: 'lead' });
  expect([...(page(acknowledged, acknowledged)?.notices ?? [])]).toEqual(['b']);
});

test('whoever is first to acknowledge has it, on either side', () => {
  const here: IncidentEventDraft = { type: 'page.changed', page: 'page:1', change: 'acknowledge', by: ONCALL };
  expect(page(here)).toMatchObject({ status: 'acknowledged', acknowledged: { by: '<@U0ONCALL1>' } });
  expect(page(notice('b', 'acknowledged', 1, { status: 'acknowledged', by: 'lead' }), here)?.acknowledged?.by).toBe(
    'lead',
  );
});

test('whoever is called once more has not taken it, whoever did before, in whatever order it is told', () => {
  const taken = notice('a', 'acknowledged', 30, { status: 'acknowledged', by: 'lead' });
  const escalated = notice('b', 'escalated', 60, { status: 'triggered', assignees: ['dba'] });
  const again = notice('c', 'acknowledged', 90, { status: 'acknowledged', by: 'dba' });
  for (const told of [page(taken, escalated), page(escalated, taken)]) {
    expect(told).toMatchObject({ status: 'triggered', assignees: ['dba'] });
    expect(told?.acknowledged).toBeUndefined();
  }
  expect(page(taken, escalated, again)?.acknowledged?.by).toBe('dba');
  expect(page(again, escalated)?.acknowledged?.by, 'an escalation that comes late').toBe('dba');
});

test('reassigned: who has it now', () => {
  expect(page(notice('c', 'reassigned', 40, { assignees: ['dba'] }))?.assignees).toEqual(['dba']);
});

test('a notice that comes before our own answer is of this page, by its key', () => {
  const key = pageKeyAt(openingOf(), 'page:1');
  const state = incidentAfter([begun('page:1'), notice('a', 'triggered', 1, { status: 'triggered', key })]);
  expect(state.pages.get('page:1')).toMatchObject({ status: 'triggered', pager: { id: 'Q1' } });
});

test('keys name the installation, the incident and the page', () => {
  const key = pageKeyAt(openingOf(), 'page:2');
  expect(key).toBe('muster/0f0f0f0f/20261126-174158/2');
  expect(parsePageKey(key, openingOf().installation)).toEqual({ incident: '20261126-174158', page: 'page:2' });
  expect(parsePageKey(key, 'another-installation')).toBeUndefined();
  expect(parsePageKey('somebody else', openingOf().installation)).toBeUndefined();
});
