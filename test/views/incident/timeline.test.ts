import { describe, expect, test } from 'vitest';
import { renderIncidentList, renderIncidentStatus } from '../../../src/views/incident/status.ts';
import { renderTimeline } from '../../../src/views/incident/timeline.ts';
import * as story from './story.ts';

const { working, viewOf, contextOf, at, begun, delayed, refused, done, DECLARED } = story;

describe('the timeline', () => {
  const linesOf = (...drafts: story.Draft[]) =>
    renderTimeline(viewOf([story.declared, ...drafts]), { chores: true }).slice(1);
  const saying = (...drafts: story.Draft[]) =>
    linesOf(...drafts).map((line) => line.slice('2026-01-31 02:58:03 UTC  '.length));

  test('has one line for every event, with its time', () => {
    const view = viewOf(working);
    expect(renderTimeline(view, { chores: true })).toHaveLength(view.entries.length);
    expect(renderTimeline(view, { chores: true }).slice(0, 2)).toEqual([
      '2026-01-31 02:58:02 UTC  Declared by an alert of alertmanager (route production) as SEV1: data-processing does not answer',
      '2026-01-31 02:58:03 UTC  Alerts came in: 2 firing (PodsMissing, QueueStalled)',
    ]);
  });

  test('a status update goes by the number that its reminder had', () => {
    const { slot: _slot, ...between } = story.updated as typeof story.updated & { slot: number };
    const second = { ...story.updated, slot: 2 } as const;
    const lines = saying(between as story.Draft, second, done('post-update:1'), done('post-update:2'));
    expect(lines.slice(2)).toEqual(['Status update posted in the room', 'Status update 2 posted in the room']);
  });

  test('leaves out what Muster does about every incident, but not what was late or went half wrong', () => {
    const drafts = [
      ...[begun('set-topic:1', 'pin-card', 'set-purpose', 'page:1'), story.paged, done('set-topic:1')],
      ...[delayed('set-purpose', 'Slack answers 500.'), done('set-purpose')],
      ...[done('pin-card', { notes: ['it was pinned already'] }), done('invite:U0LEAD')],
      { type: 'incident.ended' } as const,
    ];
    const lines = renderTimeline(viewOf([story.declared, ...drafts]), { chores: false }).slice(1);
    expect(lines.map((line) => line.slice('2026-01-31 02:58:03 UTC  '.length))).toEqual([
      'Page for whoever is on call sent to PagerDuty (its incident PT4KHLK)',
      'LATE, Muster keeps trying: purpose: Slack answers 500.',
      'Done: purpose',
      'Done: pin of the card (it was pinned already)',
      '<@U0LEAD> called into the room',
    ]);
  });

  test.each<[story.Draft, string]>([
    [begun('page:1', 'open-room'), 'Muster begins: page, room'],
    [story.paged, 'Page for whoever is on call sent to PagerDuty (its incident PT4KHLK)'],
    [done('page-by-event:1'), 'Page for whoever is on call sent to PagerDuty by its second path (Events API)'],
    [done('page-aloud:1'), 'Everybody in the room called with @here'],
    [story.opened, '#incident-20260131-025802 opened'],
    [story.onCall, 'On call, says PagerDuty: Lea Lead, Ned Night'],
    [
      done('match-on-call', { responders: [{ name: 'Lea Lead', pager: 'P1', level: 1, slack: 'U0LEAD' }] }),
      'In Slack: Lea Lead <@U0LEAD> (level 1)',
    ],
    [done('invite:U0LEAD'), '<@U0LEAD> called into the room'],
    [done('announce'), 'Announced in the incidents channel'],
    [done('tell:C0STAKE'), 'Stakeholders told in C0STAKE'],
    [done('remind:1'), 'The room was reminded of status update 1'],
    [done('pin-card', { notes: ['it was pinned already'] }), 'Done: pin of the card (it was pinned already)'],
    [delayed('open-room', 'Slack answers 500.'), 'LATE, Muster keeps trying: room: Slack answers 500.'],
    [
      refused('tell:C0STAKE', 'not in the channel'),
      'NOT POSSIBLE: message to stakeholders in C0STAKE: not in the channel',
    ],
    [story.acknowledged, '<@U0LEAD> acknowledged the page.'],
    [story.commanded, '<@U0LEAD> is commander now.'],
    [story.linked, 'Run k7m2qd asked for by <@U0LEAD>: restore namespace data-processing'],
    [story.half, '50 % of the 15 min target are used up.'],
    [{ ...story.half, percent: 100 } as story.Draft, 'The 15 min target is OVER.'],
    [story.drafted, 'Status update 1 is due. Draft: Current status: open. Estimate: unknown.'],
    [story.updated, 'Status update 1 by <@U0LEAD>: We are restoring data-processing. Next: check the queue.'],
    [{ type: 'note.added', text: 'it was\nthe migration', by: story.LEAD }, 'Note by <@U0LEAD>: it was the migration'],
    [{ type: 'severity.changed', severity: 'sev2', by: story.LEAD }, 'SEV2 now, says <@U0LEAD>.'],
    [story.mitigated, 'Mitigated, says <@U0LEAD>.'],
    [story.resolved, 'Resolved by <@U0LEAD>: restored from backup'],
    [{ type: 'incident.ended', why: 'the topic' }, 'All that was to be done about it is done, but for: the topic'],
    [
      { type: 'page.asked', who: { id: 'P9', kind: 'user', name: 'Dana' }, why: 'the database', by: story.LEAD },
      '<@U0LEAD> has Dana paged: the database',
    ],
  ])('%#: says what happened', (draft, says) => {
    expect(saying(draft)).toEqual([says]);
  });

  test('says when PagerDuty says that something happened: it may come late', () => {
    const notice = {
      ...{
        id: 'E1',
        type: 'incident.acknowledged',
        occurredAt: at(1),
        incident: 'PT4KHLK',
        status: 'acknowledged' as const,
      },
      ...{ by: 'Lea Lead', assignees: ['Lea Lead'] },
    };
    expect(saying({ type: 'incident.pager-noticed', upTo: '1-0', notice })).toEqual([
      'PagerDuty says, of 02:59:02 UTC: acknowledged by Lea Lead, it is with Lea Lead',
    ]);
  });

  test('has a message that was pinned, and once it is un-pinned no more than that', () => {
    const pin = {
      type: 'message.pinned',
      channel: 'C0ROOM',
      ts: '1.1',
      author: 'U0BOB',
      text: 'found it',
      by: 'U0LEAD',
    } as const;
    expect(saying(pin)).toEqual(['Message of <@U0BOB>, put here by <@U0LEAD>: found it']);
    expect(saying(pin, { type: 'message.unpinned', ts: '1.1', by: 'U0LEAD' })).toEqual([
      'A message was put into the timeline by <@U0LEAD>, and taken out again.',
      'A message was taken out of the timeline by <@U0LEAD>.',
    ]);
  });

  test('knows the time of what a newer version wrote', () => {
    const view = viewOf([story.declared]);
    const entries = [
      ...view.entries,
      { id: `${DECLARED}-9`, event: { type: 'foreign', wrote: 'x.happened v2' } as const },
    ];
    expect(renderTimeline({ ...view, entries }, { chores: true }).at(-1)).toBe(
      '2026-01-31 02:58:02 UTC  A newer Muster wrote x.happened v2; this version keeps its hands off.',
    );
  });
});

describe('the status', () => {
  test('says the same as the card, as of now, and how to go on', () => {
    const lines = renderIncidentStatus(contextOf(working, { now: at(9, 5), backup: story.BACKUP }));
    expect(lines.slice(0, 3)).toEqual([
      'SEV1 OPEN: data-processing does not answer',
      'Declared 02:58:02 UTC, 15 min are up at 03:13:02 UTC.',
      'T+09:05, 05:55 left (as of 03:07:07 UTC)',
    ]);
    expect(lines).toContain(
      'Plan restore of data-processing: dr restore namespace data-processing --incident 20260131-025802',
    );
    expect(lines.at(-1)).toContain('#incident-20260131-025802');
    expect(lines.at(-1)).toMatch(/What happened: dr timeline 20260131-025802$/);
  });

  test('shows the newest notes', () => {
    const note: story.Draft = { type: 'note.added', text: 'it was the migration', by: story.LEAD, at: at(3) };
    expect(renderIncidentStatus(contextOf([...working, note]))).toContain(
      'Note of 2026-01-31 03:01:02 UTC by <@U0LEAD>: it was the migration',
    );
  });
});

test('of a private incident the list tells only that it is there', () => {
  expect(renderIncidentList([viewOf(working)], () => false)).toEqual([
    '20260131-025802  SEV1 OPEN: private, declared 2026-01-31 02:58:02 UTC',
  ]);
});

test('the list has one line an incident, or says how to declare one', () => {
  expect(renderIncidentList([])).toEqual(['No incidents yet. Declare one: dr declare <title>']);
  expect(renderIncidentList([viewOf(working), viewOf([story.declared])])).toEqual([
    '20260131-025802 SEV1 OPEN: data-processing does not answer, declared 2026-01-31 02:58:02 UTC by an alert of alertmanager (route production), commander <@U0LEAD>, #incident-20260131-025802',
    '20260131-025802 SEV1 OPEN: data-processing does not answer, declared 2026-01-31 02:58:02 UTC by an alert of alertmanager (route production), commander nobody yet, no room',
  ]);
});
