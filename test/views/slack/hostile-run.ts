import fc from 'fast-check';
import type { PostContext } from '../../../src/domain/post-context.ts';
import { foldRun } from '../../../src/domain/run.ts';
import { RunEvent } from '../../../src/domain/run-events.ts';
import { BEGIN, REQUEST } from '../../domain/run-fixture.ts';

/** Runs in any state, whose every text may be hostile or huge. */

const PIECES = [
  ...[
    '<!channel>',
    '<!here>',
    '<!everyone>',
    '<@U0EVIL>',
    '<!subteam^S0EVIL>',
    '<#C0EVIL>',
    '<https://evil.example|click>',
  ],
  ...[
    '<',
    '@U0EVIL>',
    '!channel>',
    '&lt;@U0EVIL&gt;',
    '&lt;!channel&gt;',
    '&',
    '>',
    '`',
    '```',
    '*',
    '\n',
    '\u0000',
    '\u202e',
    '\u2060',
  ],
  ...['<\u200e@U0EVIL>', '<\n!here>', '\ud83d', '\ude00', '😀', '@channel', 'https://evil.example'],
];

const piece = fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: 'binary', maxLength: 20 }));
const joined = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''));
/** Now and then so long that nothing holds it. */
export const text = fc.oneof(
  { weight: 6, arbitrary: joined },
  {
    weight: 1,
    arbitrary: fc.tuple(piece, fc.integer({ min: 100, max: 4_000 })).map(([it, times]) => it.repeat(times)),
  },
);
const some = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof(
    { weight: 5, arbitrary: fc.array(arbitrary, { maxLength: 4 }) },
    { weight: 1, arbitrary: fc.array(arbitrary, { minLength: 20, maxLength: 40 }) },
  );

const id = fc.oneof(fc.constantFrom('U0ALICE', 'U0BOB', 'W0CAROL'), text, fc.constant('U0ALICE><!channel'));
const actor = fc.oneof(
  id.map((user) => ({ kind: 'slack' as const, user })),
  text.map((account) => ({ kind: 'terminal' as const, account, uid: 1 })),
);
const error = fc.record({ code: text, message: text, action: text });
const check = fc.record({
  name: text,
  verdict: fc.constantFrom('pass' as const, 'fail' as const, 'unchecked' as const),
  detail: text,
});
const facts = fc.record(
  {
    backup: fc.record({ name: text, startTimestamp: fc.oneof(text, fc.constant('2026-01-31T02:20:00Z')) }),
    skip: fc.record({ count: fc.oneof(fc.nat(), fc.constant(0)) }),
  },
  { requiredKeys: [] },
);
const part = fc.record({
  step: text,
  uses: text,
  effect: fc.constantFrom('read' as const, 'repeatable' as const, 'destructive' as const),
  facts,
  loss: fc.option(text),
  keeps: fc.option(text),
  notes: some(text),
  checks: some(check),
  refusals: fc.oneof({ weight: 4, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: some(error) }),
});
const plan = fc.record({
  parts: fc.array(part, { minLength: 1, maxLength: 3 }),
  digest: fc.oneof(fc.constant('3fa9c1d2'.repeat(8)), text),
});
const step = fc.constantFrom('look', 'restore', '<!channel>');

const later = fc.oneof(
  plan.map((it) => ({ type: 'run.planned', plan: it })),
  fc
    .record({ by: actor, digest: text, breakGlass: fc.boolean(), reason: text })
    .map((it) => ({ type: 'run.approved', ...it })),
  fc.constant({ type: 'run.started', worker: 'w' }),
  step.map((it) => ({ type: 'step.started', step: it, attempt: 1, worker: 'w', key: 'k' })),
  fc.tuple(step, text).map(([it, evidence]) => ({ type: 'step.succeeded', step: it, attempt: 1, evidence })),
  fc.tuple(step, error).map(([it, why]) => ({ type: 'step.failed', step: it, attempt: 1, error: why })),
  fc.tuple(error, fc.boolean()).map(([it, voidsApproval]) => ({ type: 'run.parked', error: it, voidsApproval })),
  actor.map((by) => ({ type: 'run.retried', by })),
  fc.tuple(actor, text).map(([by, reason]) => ({ type: 'run.abort-requested', by, reason })),
);
const last = fc.oneof(
  some(text).map((leftRunning) => ({ type: 'run.aborted', leftRunning })),
  some(check).map((checks) => ({ type: 'run.succeeded', checks })),
  fc.tuple(error, some(check)).map(([it, checks]) => ({ type: 'run.failed', error: it, checks })),
  some(error).map((refusals) => ({ type: 'run.refused', refusals })),
  fc.tuple(actor, text).map(([by, reason]) => ({ type: 'run.rejected', by, reason })),
  fc.constant({ type: 'run.expired' }),
);

const request = fc
  .record({
    run: fc.oneof(fc.constant('k7m2qd'), text),
    command: text,
    title: text,
    by: actor,
    cluster: text,
    namespace: text,
    since: fc.option(text),
  })
  .map(({ run, command, title, by, cluster, namespace, since }) => ({
    ...REQUEST,
    run,
    command,
    by,
    runbook: { ...REQUEST.runbook, title },
    params: { namespace, since },
    target: { cluster, namespace },
    steps: [...REQUEST.steps, { id: '<!channel>', uses: '<@U0EVIL>', with: {}, timeoutMs: 1 }],
  }));

export const hostileContext: fc.Arbitrary<PostContext> = fc
  .record({
    request,
    events: fc.array(later, { maxLength: 8 }),
    end: fc.option(last),
    users: some(id),
    groups: some(fc.oneof(fc.constant('S0ONCALL'), text)),
    breakGlass: some(text),
    progress: fc.option(text, { nil: undefined }),
    current: fc.boolean(),
    cardLink: fc.option(fc.oneof(fc.constant('https://example.slack.com/archives/C1/p1'), text), { nil: undefined }),
  })
  .map(({ request: it, events, end, users, groups, breakGlass, progress, current, cardLink }) => {
    const drafts = [{ type: 'run.requested', request: it }, ...events, ...(end === null ? [] : [end])];
    const entries = drafts.map((draft, index) => ({
      id: `${index + 1}-0`,
      event: RunEvent.parse({ v: 1, eid: `e${index}`, at: BEGIN + index * 60_000, ...draft }),
    }));
    const state = foldRun(entries);
    if (state === undefined) throw new Error('no run');
    return { state, approvers: { users, groups, breakGlass }, progress, current, cardLink };
  });
