import { describe, expect, test } from 'vitest';
import { APPROVAL_LIFE_MS } from '../../src/domain/approval.ts';
import { REMIND_MS } from '../../src/domain/next-post.ts';
import { PostEvent, type PostEventDraft } from '../../src/domain/post-events.ts';
import { foldPosts } from '../../src/domain/posts.ts';
import { postsRestUntil, runRestsUntil } from '../../src/domain/rests-until.ts';
import type { RunEventDraft } from '../../src/domain/run-events.ts';
import { approved, BEGIN, ERROR, planned, requested, started, stateOf } from './run-fixture.ts';

const PLANNED_AT = BEGIN + 1_000;
const EVER = Number.POSITIVE_INFINITY;
const parked = { type: 'run.parked', error: ERROR, voidsApproval: false } as const;
const said = (key: string): PostEventDraft[] => [
  { type: 'post.begun', key, channel: 'C0', attempt: 1 },
  { type: 'post.sent', key, channel: 'C0', ts: '1.1', shows: 'h' },
];
const posts = (...drafts: PostEventDraft[]) =>
  foldPosts(
    drafts.map((draft, at) => ({
      id: `${at}-0`,
      event: PostEvent.parse({ ...draft, v: 1, eid: `e${at}`, at: BEGIN }),
    })),
  );

describe('until when a run rests', () => {
  test.each<[string, RunEventDraft[], number, number | undefined]>([
    ['it is to be planned', [requested], 0, undefined],
    ['it waits for its approval', [requested, planned], 1_000, PLANNED_AT + APPROVAL_LIFE_MS],
    ['its plan has expired', [requested, planned], 1_000 + APPROVAL_LIFE_MS, undefined],
    ['it is approved', [requested, planned, approved], 2_000, undefined],
    ['it is at work', [requested, planned, approved, started], 3_000, undefined],
    ['it waits for a human', [requested, planned, approved, started, parked], 4_000, EVER],
    ['it is over', [requested, { type: 'run.expired' }], 2_000, EVER],
  ])('%s', (_what, run, afterMs, until) => {
    expect(runRestsUntil(stateOf(...run), BEGIN + afterMs)).toBe(until);
  });
});

describe('until when its messages rest', () => {
  const waiting = [...said('card'), ...said(`plan-${PLANNED_AT}`)];
  test.each<[string, RunEventDraft[], PostEventDraft[], number, number | undefined]>([
    ['one is to be posted', [requested, planned], said('card'), 1_000, undefined],
    ['one is on its way', [requested, planned], [...waiting.slice(0, 3)], 1_000, undefined],
    ['all is said: until the reminder', [requested, planned], waiting, 1_000, PLANNED_AT + REMIND_MS],
    ['the reminder is due', [requested, planned], waiting, 1_000 + REMIND_MS, undefined],
    ['reminded', [requested, planned], [...waiting, ...said(`reminder-${PLANNED_AT}`)], 1_000 + REMIND_MS, EVER],
    ['the run is at work', [requested, planned, approved, started], waiting, 4_000, undefined],
    ['the run is over, and that is to be said', [requested, { type: 'run.expired' }], said('card'), 2_000, undefined],
    ['everything was said', [requested], [{ type: 'posts.ended' }], 2_000, EVER],
  ])('%s', (_what, run, messages, afterMs, until) => {
    expect(postsRestUntil(stateOf(...run), posts(...messages), BEGIN + afterMs, 'C0')).toBe(until);
  });
});
