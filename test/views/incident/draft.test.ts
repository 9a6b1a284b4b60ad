import { describe, expect, test } from 'vitest';
import { renderDraft } from '../../../src/views/incident/draft.ts';
import { renderPage } from '../../../src/views/incident/page.ts';
import { renderBookmark, renderPurpose, renderTopic } from '../../../src/views/incident/room.ts';
import * as story from './story.ts';

const { working, contextOf, viewOf, at, declared } = story;

describe('the draft of a status update', () => {
  test('says what is recorded, and what is not known', () => {
    expect(renderDraft(contextOf(working, { now: at(8) })).split('\n')).toEqual([
      'Current status: SEV1 OPEN: data-processing does not answer (T+08:00; alerts: 2 firing)',
      'No recovery has been verified.',
      'Actions since 02:58 UTC:',
      '- 02:58 UTC Page for whoever is on call sent to PagerDuty (its incident PT4KHLK)',
      '- 02:58 UTC #incident-20260131-025802 opened',
      '- 02:59 UTC <@U0LEAD> acknowledged the page.',
      '- 03:00 UTC <@U0LEAD> is commander now.',
      'Next steps: proposed: restore of data-processing',
      'Estimate: unknown; the 15 min target ends at 03:13 UTC.',
    ]);
  });

  test('calls nothing recovered that no run has verified, and names the run that has', () => {
    const drafts = [...working, story.linked];
    const restoring = renderDraft(contextOf(drafts, { runs: [story.RESTORING] }));
    expect(restoring).toContain('No recovery has been verified.');
    expect(restoring).not.toContain('RECOVERED');
    expect(restoring).toContain('Next steps: run k7m2qd (Restore a namespace) is running');
    expect(restoring).toContain('Estimate: unknown; so far run k7m2qd: velero: 9 of 14 items restored;');
    expect(renderDraft(contextOf(drafts, { runs: [story.RECOVERED] }))).toContain(
      'Verified by run k7m2qd: RECOVERED and verified: data-processing, 3 checks passed.',
    );
  });

  test('has only what was done since the last update', () => {
    const note: story.Draft = { type: 'note.added', text: 'the queue drains', by: story.LEAD, at: at(20) };
    const draft = renderDraft(contextOf([...working, story.updated, note], { now: at(30) }));
    expect(draft).toContain('Actions since 03:14 UTC:\n- 03:18 UTC Note by <@U0LEAD>: the queue drains');
    expect(draft).not.toContain('commander');
    expect(renderDraft(contextOf([...working, story.updated]))).toContain('Actions since 03:14 UTC: none is recorded.');
  });

  test('asks for a decision where all alerts are resolved, and says where nothing is known', () => {
    expect(renderDraft(contextOf([...working, story.clear]))).toContain(
      'all alerts are resolved: decide whether it is over',
    );
    const { runbook: _runbook, page: _page, ...plain } = story.OPENING;
    expect(renderDraft(contextOf([{ type: 'incident.declared', opening: plain }]))).toContain(
      'Next steps: unknown, nobody has recorded any.',
    );
  });
});

describe('the room', () => {
  const topic = (...drafts: story.Draft[]) => renderTopic(viewOf([...working, ...drafts]).state);

  test('has a topic that stays true until it is set again', () => {
    expect(topic()).toBe(
      'SEV1 OPEN: data-processing does not answer | 15 min are up at 03:13 UTC | commander: <@U0LEAD>',
    );
    expect(topic(story.half)).toContain('| 15 min are up at 03:13 UTC, T+07:30 has passed (50 %) |');
    expect(topic(...story.over)).toContain('| OVER THE 15 MIN TARGET since 03:13 UTC |');
    expect(topic(story.mitigated)).toMatch(/^SEV1 MITIGATED: .* \| mitigated at T\+13:00 \|/);
    expect(topic(story.resolved)).toMatch(/^SEV1 RESOLVED: .* \| took 38 min \|/);
    expect(renderTopic(viewOf([declared]).state)).toContain('commander: nobody yet');
  });

  test('has a purpose and bookmarks', () => {
    const { state } = viewOf(working);
    expect(renderPurpose(state)).toMatch(
      /^War room of incident 20260131-025802, declared 2026-01-31 02:58:02 UTC by an alert/,
    );
    expect(renderBookmark(state, 'page')).toEqual({
      title: 'PagerDuty incident',
      url: 'https://acme.pagerduty.com/incidents/PT4KHLK',
    });
    expect(renderBookmark(state, 'alert')).toEqual({
      title: 'Alert: PodsMissing',
      url: 'https://prometheus.example/PodsMissing',
    });
    expect(renderBookmark(viewOf([declared]).state, 'alert')).toBeUndefined();
  });
});

test('a page says on a phone what it is about, why, and how to take it', () => {
  const asked: story.Draft = {
    ...{ type: 'page.asked', who: { id: 'P9', kind: 'user', name: 'Dana' }, why: 'the database', by: story.LEAD },
  };
  const { state } = viewOf([...working, asked]);
  const page = renderPage(state, 'page:2');
  expect(page.title).toBe(`SEV1: data-processing does not answer (${state.opening.incident})`);
  expect(page.details).toContain('You are asked for: the database');
  expect(page.details).toContain('Alerts: 2 firing');
  expect(page.details).toContain('/dr ack 20260131-025802');
  expect(page.url).toBe('https://slack.com/app_redirect?channel=C0ROOM');
  expect(renderPage(viewOf([declared]).state, 'page:1')).not.toHaveProperty('url');
});
