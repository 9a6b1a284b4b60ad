import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Button, ChatMessage } from '../../../src/domain/chat-message.ts';
import type { PostContext, PostKind } from '../../../src/domain/post-context.ts';
import { renderPost } from '../../../src/views/slack/render-post.ts';
import { BOB as BOB_IN_TERMINAL } from '../../domain/run-fixture.ts';
import * as story from './story.ts';

const { asked, planned, approved, running, recovered, contextOf, RICH_PLAN } = story;

function buttonsOf(message: ChatMessage): Button[] {
  return message.blocks.flatMap((block) => (block.type === 'actions' ? block.elements : []));
}

function valuesOf(kind: PostKind, context: PostContext): string[] {
  return buttonsOf(renderPost(kind, context)).map(({ value }) => value);
}

const textOf = (kind: PostKind, context: PostContext) => renderPost(kind, context).text;

describe('the card', () => {
  test('before anything is known, it says who asked for what, and can stop it', () => {
    const context = contextOf([asked]);
    expect(textOf('card', context)).toMatch(/data-processing.* on cluster sandbox, run k7m2qd: \*planning\*/);
    expect(textOf('card', context)).toContain('Asked for by <@U0ALICE> at 2026-01-31 03:00:00Z');
    expect(valuesOf('card', context)).toEqual(['abort k7m2qd', 'status k7m2qd']);
  });

  test('a run from the terminal has a name, not a mention', () => {
    const byBob = { ...asked, request: { ...asked.request, by: BOB_IN_TERMINAL } };
    expect(textOf('card', contextOf([byBob]))).toContain('Asked for by bob (terminal)');
  });

  test('shows the step in flight, with its progress', () => {
    const text = textOf('card', contextOf(running, { progress: '9 of 14 items' }));
    expect(text).toContain('[x] look, 3 s: 8 things looked at');
    expect(text).toContain('[&gt;] restore, since 03:04Z: 9 of 14 items');
  });

  test.each([
    ['recovered', recovered, 'RECOVERED and verified'],
    ['rejected', [asked, planned, story.rejected], 'Rejected by <@U0BOB> at 2026-01-31 03:03:00Z: wrong namespace'],
    ['aborted', [...running, story.abortRequested, story.aborted], 'still going on: Velero has no cancel'],
    ['expired', [asked, planned, story.expired], 'EXPIRED'],
  ])('of a run that is over (%s) cannot stop it any more', (_name, drafts, says) => {
    expect(textOf('card', contextOf(drafts))).toContain(says);
    expect(valuesOf('card', contextOf(drafts))).toEqual(['status k7m2qd']);
  });

  test('says that Velero has no cancel before it aborts', () => {
    const [abort] = buttonsOf(renderPost('card', contextOf(running)));
    expect(abort?.confirm?.text.text).toContain('Velero has no cancel');
    expect(abort?.confirm?.text.text.length).toBeLessThanOrEqual(300);
  });
});

describe('the plan', () => {
  test('calls those by name who may approve, and binds the click to what was shown', () => {
    const message = renderPost('plan', contextOf([asked, planned]));
    expect(message.text).toMatch(/^<!subteam\^S0ONCALL> <@U0BOB> /);
    expect(message.text).toContain('Expires 03:30Z');
    expect(message.text).toContain('`dr approve k7m2qd 3fa9c1d2 --reason "..."`');
    const [approve, reject] = buttonsOf(message);
    expect(approve?.value).toBe(`approve k7m2qd ${RICH_PLAN.digest.slice(0, 16)}`);
    expect(approve?.confirm?.text.text).toBe(
      'Namespace data-processing on cluster sandbox\nBackup daily-full-backup-20260131022000\n' +
        'Data as of 2026-01-31T02:20:00Z (40 min 6 s before the plan)\n2 objects exist and stay as they are',
    );
    expect(reject).toMatchObject({ value: `reject k7m2qd ${RICH_PLAN.digest.slice(0, 16)}`, style: 'danger' });
    expect(message.file).toBeUndefined();
  });

  test('planned afresh after it had begun: it can be aborted, not rejected', () => {
    const voided = { ...story.parkedInDoubt, voidsApproval: true };
    const again = contextOf([...running, voided, { type: 'run.retried', by: story.ALICE }, planned]);
    expect(textOf('plan', again)).toContain('then approve or abort it.');
    expect(valuesOf('plan', again).at(-1)).toBe('abort k7m2qd');
  });

  test('the longest names leave every fact in the question', () => {
    const [look, restore] = RICH_PLAN.parts;
    const facts = {
      backup: { name: 'b'.repeat(253), startTimestamp: '2026-01-31T02:20:00Z' },
      skip: { count: 99_999 },
    };
    const parts = [look, restore].flatMap((it) => (it === undefined ? [] : [{ ...it, facts }])).slice(1);
    const request = { ...asked.request, target: { cluster: 'c'.repeat(200), namespace: 'n'.repeat(63) } };
    const context = contextOf([
      { ...asked, request },
      { ...planned, plan: { ...RICH_PLAN, parts } },
    ]);
    const question = buttonsOf(renderPost('plan', context))[0]?.confirm?.text.text;
    expect(question).toContain('n'.repeat(63));
    expect(question).toMatch(/bbb…\n.*2026-01-31T02:20:00Z.*\n99999 objects exist and stay as they are$/);
  });

  test('nobody may approve: says so, with the rule that is missing', () => {
    const nobody = { approvers: { users: [], groups: [], breakGlass: [] } };
    const text = textOf('plan', contextOf([asked, planned], nobody));
    expect(text).toContain('Nobody may approve this in Slack');
    expect(text).toContain('may: [approve], clusters: ["sandbox"], namespaces: [data-processing]');
    expect(text).toContain('no group may yet');
  });

  test.each([
    ['approved', [asked, planned, approved], 'Approved by <@U0BOB> at 2026-01-31 03:04:00Z'],
    ['rejected', [asked, planned, story.rejected], 'Rejected by <@U0BOB> at 2026-01-31 03:03:00Z: wrong namespace'],
    ['void', [asked, planned, approved, story.voided], 'VOID since 2026-01-31 03:05:00Z: restore.skip changed'],
    ['expired', [asked, planned, story.expired], 'At 2026-01-31 03:30:06Z EXPIRED'],
    ['told to stop', [asked, planned, story.abortRequested], 'Told to stop by <@U0ALICE> at 2026-01-31 03:08:00Z'],
    ['aborted', [asked, planned, story.abortRequested, story.aborted], 'Told to stop by <@U0ALICE>'],
  ])('once it is %s, nobody is asked any more', (_name, drafts, says) => {
    const message = renderPost('plan', contextOf(drafts));
    expect(buttonsOf(message)).toEqual([]);
    expect(message.text).toContain(says);
    expect(message.text).not.toContain('subteam');
  });

  test('a long plan goes into a file, whole', () => {
    const notes = Array.from({ length: 60 }, (_, index) => `note ${index}`);
    const parts = RICH_PLAN.parts.map((part) => ({ ...part, notes }));
    const message = renderPost('plan', contextOf([asked, { ...planned, plan: { ...RICH_PLAN, parts } }]));
    expect(message.file?.name).toBe('run-k7m2qd-plan-3fa9c1d2.txt');
    for (const note of notes) expect(message.file?.content).toContain(`  ${note}\n`);
    expect(message.text).toContain('and 112 more, see the file');
    expect(buttonsOf(message)).toHaveLength(2);
  });
});

describe('the messages that are said once', () => {
  test('the reminder calls the approvers again, until somebody has decided', () => {
    expect(textOf('reminder', contextOf([asked, planned]))).toMatch(/^<!subteam\^S0ONCALL> <@U0BOB> .*expires 03:30Z/);
    const late = textOf('reminder', contextOf([asked, planned, approved]));
    expect(late).toContain('Approved by <@U0BOB>');
    expect(late).not.toContain('subteam');
  });

  test('a broken glass is loud, with whom and why', () => {
    const message = renderPost('glass', contextOf([asked, planned, story.glass]));
    expect(message.blocks[0]).toMatchObject({ type: 'header', text: { text: expect.stringContaining('BREAK-GLASS') } });
    expect(message.text).toContain('carol (terminal) at 2026-01-31 03:20:00Z: nobody else answers the phone');
  });

  test('a parked run calls its requester and can be retried or stopped', () => {
    const context = contextOf([...running, story.parkedInDoubt]);
    expect(textOf('parked', context)).toMatch(/^<@U0ALICE> .*PARKED/);
    expect(valuesOf('parked', context)).toEqual(['retry k7m2qd', 'abort k7m2qd']);
    expect(buttonsOf(renderPost('parked', context)).every(({ confirm }) => confirm !== undefined)).toBe(true);
    const goesOn = contextOf([...running, story.parkedInDoubt, { type: 'run.retried', by: story.ALICE }]);
    expect(valuesOf('parked', goesOn)).toEqual([]);
    expect(valuesOf('parked', { ...context, current: false })).toEqual([]);
  });

  test('elsewhere: where it can be followed, also without a link', () => {
    expect(textOf('elsewhere', contextOf([asked]))).toContain('|its card>');
    expect(textOf('elsewhere', contextOf([asked], { cardLink: undefined }))).toContain('`/dr status k7m2qd`');
  });

  test('the end: verdict first, then the people, the times, what was seen', () => {
    const { text, file } = renderPost('end', contextOf(recovered));
    const order = [
      'RECOVERED',
      'NOT checked: health',
      'As approved: 2 objects',
      '<@U0ALICE>',
      '<@U0BOB>',
      'within 15 min',
      'within 60 min',
      'restore: Restore velero/',
    ];
    expect(order.map((it) => text.indexOf(it))).toEqual(order.map((it) => text.indexOf(it)).toSorted((a, b) => a - b));
    expect(order.filter((it) => !text.includes(it))).toEqual([]);
    expect(file).toBeUndefined();
  });

  test('the end: many checks go into a file, and those that did not pass stay', () => {
    const pass = Array.from({ length: 40 }, (_, index) => ({
      name: `c${index}`,
      verdict: 'pass' as const,
      detail: 'seen',
    }));
    const checks = [...pass, { name: 'health', verdict: 'fail' as const, detail: 'answers 503' }];
    const error = { code: 'VERIFY_FAILED', message: 'health answers 503.', action: 'Look at its pods.' };
    const { text, file } = renderPost('end', contextOf([...running, { type: 'run.failed', error, checks }]));
    expect(text).toContain('NOT RECOVERED: health answers 503. Next: Look at its pods.');
    expect(text).toContain('FAIL health: answers 503');
    expect(text).not.toContain('c39');
    expect(file?.name).toBe('run-k7m2qd-report.txt');
    expect(file?.content).toContain('c39: seen');
  });
});

describe('whatever the time is', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  test('the same state is the same message', () => {
    const kinds: PostKind[] = ['card', 'plan', 'reminder', 'glass', 'parked', 'elsewhere', 'end'];
    const stories = [[asked], [asked, planned], running, [...running, story.parkedInDoubt], recovered];
    const all = () => kinds.flatMap((kind) => stories.map((drafts) => renderPost(kind, contextOf(drafts))));
    vi.useFakeTimers({ now: 0, toFake: ['Date'] });
    const early = all();
    vi.setSystemTime(Date.UTC(2036, 0, 1));
    expect(all()).toEqual(early);
  });
});
