import { expect, test } from 'vitest';
import type { Entry } from '../../src/domain/ledger.ts';
import { nextPost, REMIND_MS, SETTLE_MS } from '../../src/domain/next-post.ts';
import { PostEvent, type PostEventDraft } from '../../src/domain/post-events.ts';
import { foldPosts } from '../../src/domain/posts.ts';
import type { RunEventDraft } from '../../src/domain/run-events.ts';
import { approved, BEGIN, BOB, ERROR, MINUTE, planned, REQUEST, requested, started, stateOf } from './run-fixture.ts';

const FALLBACK = 'C0INCIDENTS';
const inSlack = {
  type: 'run.requested',
  request: { ...REQUEST, by: { kind: 'slack', user: 'U0ONCALL' }, origin: { channel: 'C0DATA', delivery: 'd1' } },
} as const;
const parked = { type: 'run.parked', error: ERROR, voidsApproval: false } as const;
const succeeded: RunEventDraft = { type: 'run.succeeded', checks: [] };
/** The fixture's second event is one second after the first. */
const PLANNED_AT = BEGIN + 1_000;

const begun = (key: string, channel = 'C0DATA', attempt = 1) =>
  ({ type: 'post.begun', key, channel, attempt }) as const;
const sent = (key: string, channel = 'C0DATA') => ({ type: 'post.sent', key, channel, ts: '1.1', shows: 'h' }) as const;
const refused = (key: string, channel = 'C0DATA') => ({ type: 'post.refused', key, channel, why: 'no' }) as const;
const said = (key: string, channel?: string) => [begun(key, channel), sent(key, channel)];
const plan = `plan-${PLANNED_AT}`;

type Row = [what: string, run: RunEventDraft[], posts: PostEventDraft[], afterMs: number, next: object];

const TABLE: Row[] = [
  ['the card comes first, where it was asked for', [inSlack], [], 0, { do: 'send', key: 'card', channel: 'C0DATA' }],
  ['asked for in the terminal: the incidents channel', [requested], [], 0, { do: 'send', channel: FALLBACK }],
  ['an attempt without an outcome is looked for', [inSlack], [begun('card')], 0, { do: 'look', settled: false }],
  ['later it has arrived or never will', [inSlack], [begun('card')], SETTLE_MS, { do: 'look', settled: true }],
  [
    'refused there: the incidents channel',
    [inSlack],
    [begun('card'), refused('card')],
    0,
    { do: 'send', key: 'card', channel: FALLBACK, attempt: 2 },
  ],
  [
    'refused there too: whoever asked',
    [inSlack],
    [begun('card'), refused('card'), begun('card', FALLBACK, 2), refused('card', FALLBACK)],
    0,
    { do: 'send', key: 'card', channel: 'U0ONCALL', attempt: 3 },
  ],
  [
    'whoever asked elsewhere is told where it is',
    [inSlack],
    [begun('card'), refused('card'), ...said('card', FALLBACK)],
    0,
    { do: 'send', key: 'elsewhere', channel: 'U0ONCALL' },
  ],
  ['nothing more while it is planned', [inSlack], said('card'), 0, { do: 'rest' }],
  ['the plan asks for approval', [inSlack, planned], said('card'), 0, { do: 'send', key: plan, channel: 'C0DATA' }],
  ['it is asked for once', [inSlack, planned], [...said('card'), ...said(plan)], MINUTE, { do: 'rest' }],
  [
    'after two minutes it is asked for again',
    [inSlack, planned],
    [...said('card'), ...said(plan)],
    REMIND_MS + 1_000,
    { do: 'send', kind: 'reminder' },
  ],
  [
    'nobody is called for a plan that has expired, though nobody has recorded that yet',
    [inSlack, planned],
    [...said('card'), ...said(plan)],
    31 * MINUTE,
    { do: 'rest' },
  ],
  ['an approved plan asks for nothing', [inSlack, planned, approved], said('card'), 0, { do: 'send', kind: 'glass' }],
  [
    'a plan message overtaken on its way is looked for, so that its buttons go',
    [inSlack, planned, { ...approved, breakGlass: false }],
    [...said('card'), begun(plan)],
    0,
    { do: 'look', key: plan, wanted: false },
  ],
  [
    'a parked run calls for a human',
    [inSlack, planned, approved, started, parked],
    [...said('card'), ...said('glass-1')],
    0,
    {
      do: 'send',
      kind: 'glass',
    },
  ],
  ['an end is said', [inSlack, planned, succeeded], said('card'), 0, { do: 'send', key: 'end', channel: 'C0DATA' }],
  ['then all is said', [inSlack, planned, succeeded], [...said('card'), ...said('end')], 0, { do: 'end' }],
  [
    'what nobody will take is recorded as unsaid',
    [requested, { type: 'run.rejected', by: BOB, reason: '' }],
    [begun('card', FALLBACK), refused('card', FALLBACK), begun('end', FALLBACK), refused('end', FALLBACK)],
    0,
    { do: 'end', why: 'nowhere to say: card, end' },
  ],
  ['old news is not told', [requested, succeeded], [], 25 * 60 * MINUTE, { do: 'end' }],
  ['after the end there is nothing', [inSlack, succeeded], [{ type: 'posts.ended' }], 0, { do: 'nothing' }],
];

test.each(TABLE)('%s', (_what, run, posts, afterMs, next) => {
  const entries = posts.map((draft, index): Entry => {
    const event = PostEvent.parse({ ...draft, v: 1, eid: `e${index}`, at: BEGIN });
    return { id: `${index + 1}-0`, event };
  });
  expect(nextPost(stateOf(...run), foldPosts(entries), BEGIN + afterMs, FALLBACK)).toMatchObject(next);
});

test('what a newer Muster wrote keeps our hands off', () => {
  const foreign: Entry = { id: '1-0', event: { type: 'foreign', wrote: 'post.pinned v2' } };
  expect(nextPost(stateOf(inSlack), foldPosts([foreign]), BEGIN, FALLBACK)).toEqual({ do: 'nothing' });
});

test('a run that a newer Muster wrote to is not asked about: nobody here may act on the answer', () => {
  const card = said('card').map((draft, index): Entry => {
    return { id: `${index + 1}-0`, event: PostEvent.parse({ ...draft, v: 1, eid: `e${index}`, at: BEGIN }) };
  });
  const run = { ...stateOf(inSlack, planned), foreign: 'run.postponed v1' };
  expect(nextPost(run, foldPosts(card), BEGIN + REMIND_MS, FALLBACK)).toEqual({ do: 'rest' });
});
