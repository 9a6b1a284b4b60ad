import { describe, expect, test } from 'vitest';
import { isOurButton } from '../../../src/domain/button-line.ts';
import type { Button, ChatMessage } from '../../../src/domain/chat-message.ts';
import type { IncidentContext } from '../../../src/domain/incident-context.ts';
import { renderPage } from '../../../src/views/incident/page.ts';
import { renderIncidentStatus } from '../../../src/views/incident/status.ts';
import { renderIncidentMessage } from '../../../src/views/slack/incident/render-incident-message.ts';
import { validateMessage } from '../slack/validate-message.ts';
import * as story from './story.ts';

const { contextOf, working, declared, begun, delayed, refused, done, at } = story;
const ID = story.OPENING.incident;

function buttonsOf(message: ChatMessage): Button[] {
  return message.blocks.flatMap((block) => (block.type === 'actions' ? block.elements : []));
}

function textOf(key: string, context: IncidentContext): string {
  const message = renderIncidentMessage(key, context);
  expect(validateMessage(message)).toEqual([]);
  expect(buttonsOf(message).filter(({ action_id: id, value }) => !isOurButton(id, value))).toEqual([]);
  return message.text;
}

const valuesOf = (key: string, context: IncidentContext) =>
  buttonsOf(renderIncidentMessage(key, context)).map(({ value }) => value);

describe('the card', () => {
  const card = (drafts: readonly story.Draft[], more: Partial<IncidentContext> = {}) =>
    textOf('post-card', contextOf(drafts, more));

  test('leads with severity, status and title, then with the time that is left', () => {
    const text = card(working, { now: at(7, 30) });
    expect(text.split('\n').slice(0, 3)).toEqual([
      'SEV1 OPEN: data-processing does not answer',
      'Declared 02:58:02 UTC, 15 min are up at 03:13:02 UTC.',
      'T+07:30, 07:30 left (as of 03:05:32 UTC)',
    ]);
  });

  test('says which mark has passed, and loudly that the target is missed', () => {
    expect(card([...working, story.half])).toContain('the 50 % mark has passed');
    expect(card([...working, ...story.over], { now: at(20) }).split('\n')[1]).toBe(
      '*OVER THE 15 MIN TARGET since 03:13:02 UTC: T+20:00 (as of 03:18:02 UTC)*',
    );
  });

  test('once it is mitigated or resolved, judges the time it took', () => {
    expect(card([...working, story.mitigated])).toContain(
      '*Mitigated at T+13:00 (within 15 min), 03:11:02 UTC by <@U0LEAD>*',
    );
    const late = { ...story.mitigated, at: at(16) };
    expect(card([...working, ...story.over, late])).toContain('*Mitigated at T+16:00 (OVER the 15 min target)');
    const text = card([...working, story.mitigated, story.resolved]);
    expect(text).toContain('SEV1 RESOLVED: ');
    expect(text).toContain('*Resolved after 38 min, at 03:36:02 UTC by <@U0LEAD>: restored from backup*');
  });

  test('says who was paged, by which path, and who has taken it', () => {
    const untaken = [declared, begun('page:1'), story.paged];
    expect(card(untaken)).toContain('paged by PagerDuty at 02:58:04 UTC; NOT acknowledged yet*');
    expect(card(working)).toContain('acknowledged by <@U0LEAD> at 02:59:32 UTC');
    const second = [
      declared,
      begun('page:1'),
      delayed('page:1', 'no answer.'),
      begun('page-by-event:1'),
      done('page-by-event:1'),
    ];
    expect(card(second)).toContain(
      "paged by PagerDuty's second path (Events API) at 02:58:06 UTC; NOT acknowledged yet",
    );
  });

  test('says why nobody is paged yet, or cannot be', () => {
    const late = [declared, begun('page:1', 'page-by-event:1'), delayed('page:1', 'It answers 503.')];
    expect(card(late)).toContain('NOT PAGED YET, Muster keeps trying: REST API: It answers 503.');
    const never = [
      ...late.slice(0, 2),
      refused('page:1', 'It answers 401.'),
      refused('page-by-event:1', 'It answers 400.'),
    ];
    expect(card(never)).toContain('REFUSED: REST API: It answers 401. Events API: It answers 400. Call them by phone.');
    const none = { ...story.SETTINGS, pager: { rest: false, events: false } };
    expect(card([declared], { settings: none })).toContain('NOT POSSIBLE: PagerDuty is not set up');
    const { page: _page, ...unpaged } = story.OPENING;
    expect(card([{ type: 'incident.declared', opening: unpaged }])).toContain('Nobody is paged: its route says so.');
  });

  test('names those on call, and who of them nobody in Slack is', () => {
    expect(card(working)).toContain('On call: Lea Lead <@U0LEAD> (level 1); Ned Night (level 2)');
    expect(card(working)).toContain(
      'Ned Night could NOT be called into the room: nobody in Slack has their e-mail address.',
    );
  });

  test('names the escalation policy by which nobody is on call', () => {
    const nobody = done('find-on-call', { responders: [] });
    const opening = { ...story.OPENING, page: { escalationPolicy: 'PNOPE' } };
    expect(card([{ type: 'incident.declared', opening }, begun('find-on-call'), nobody])).toContain(
      'On call: PagerDuty knows nobody by escalation policy PNOPE, which the route names: is there such a policy?',
    );
    expect(card([declared, begun('find-on-call'), nobody])).toContain('On call: nobody, says PagerDuty');
  });

  test('offers what nobody has done yet, and asks before it escalates', () => {
    expect(valuesOf('post-card', contextOf([declared, begun('page:1'), story.paged]))).toEqual([
      `ack ${ID}`,
      `restore namespace data-processing --incident ${ID}`,
      `role commander me --incident ${ID}`,
      `role comms me --incident ${ID}`,
      `role scribe me --incident ${ID}`,
      `escalate ${ID}`,
      `status ${ID}`,
      `timeline ${ID}`,
    ]);
    const message = renderIncidentMessage('post-card', contextOf(working));
    const values = buttonsOf(message).map(({ value }) => value);
    expect(values).not.toContain(`ack ${ID}`);
    expect(values).not.toContain(`role commander me --incident ${ID}`);
    expect(buttonsOf(message).find(({ text }) => text.text === 'Escalate')?.confirm?.text.text).toContain('next level');
    expect(valuesOf('post-card', contextOf([...working, story.resolved]))).toEqual([`status ${ID}`, `timeline ${ID}`]);
  });

  test('somebody who was paged by name acknowledges their own page', () => {
    const asked: story.Draft = {
      ...{ type: 'page.asked', who: { id: 'P9', kind: 'user', name: 'Dana DBA' }, why: 'the database', by: story.LEAD },
    };
    const context = contextOf([...working, asked]);
    expect(textOf('post-card', context)).toContain('Paging Dana DBA (the database): on its way');
    expect(valuesOf('post-card', context)[0]).toBe(`ack ${ID} --page 2`);
  });

  test('proposes a run until one is at work or has recovered it', () => {
    const plan = `restore namespace data-processing --cluster prod --incident ${ID}`;
    const target = { namespace: 'data-processing', cluster: 'prod' };
    const drafts = [{ type: 'incident.declared', opening: { ...story.OPENING, target } } as const, story.linked];
    expect(valuesOf('post-card', contextOf(drafts))).toContain(plan);
    expect(valuesOf('post-card', contextOf(drafts, { runs: [story.RESTORING] }))).not.toContain(plan);
    expect(valuesOf('post-card', contextOf(drafts, { runs: [story.RECOVERED] }))).not.toContain(plan);
    const other = { ...story.OPENING, runbook: 'backup-namespace' };
    expect(valuesOf('post-card', contextOf([{ type: 'incident.declared', opening: other }]))).toContain(
      `run backup-namespace namespace=data-processing --incident ${ID}`,
    );
    const evil = { ...story.OPENING, target: { namespace: 'x --into kube-system' } };
    expect(valuesOf('post-card', contextOf([{ type: 'incident.declared', opening: evil }])).join()).not.toContain(
      'restore',
    );
  });

  test('shows its runs with progress and verdict, and the newest usable backup', () => {
    const drafts = [...working, story.linked];
    expect(card(drafts, { runs: [story.RESTORING] })).toContain('running, velero: 9 of 14 items restored');
    expect(card(drafts, { runs: [story.RECOVERED] })).toContain(
      'RECOVERED and verified: data-processing, 3 checks passed.',
    );
    expect(card(drafts)).toContain('Run k7m2qd (restore namespace data-processing): nothing can be read of it yet.');
    expect(card(working, { backup: story.BACKUP })).toContain('daily-full-backup-20260131022000, 38 min old.');
  });

  test('counts alerts by service and, once none fires, proposes to resolve', () => {
    expect(card(working)).toContain('*Alerts: 2 firing (etl 1 firing; queue 1 firing)*');
    expect(card(working)).toContain('<https://prometheus.example/PodsMissing|alert>');
    expect(card([...working, story.clear])).toContain('nothing does that by itself:* `/dr resolve`');
    expect(card(working)).not.toContain('/dr resolve');
  });

  test('shows what of its own doings is late or refused', () => {
    const drafts = [
      ...working,
      begun('tell:C0STAKE', 'add-bookmark:page'),
      delayed('tell:C0STAKE', 'Slack answers 500.'),
    ];
    const text = card([
      ...drafts,
      refused('add-bookmark:page', 'too many bookmarks'),
      done('invite:U0LEAD', { notes: ['U0X: is a guest'] }),
    ]);
    expect(text).toContain('LATE, Muster keeps trying: message to stakeholders in C0STAKE: Slack answers 500.');
    expect(text).toContain('NOT POSSIBLE: bookmark page: too many bookmarks');
    expect(text).toContain('invitation of <@U0LEAD>: U0X: is a guest');
  });

  test('counts what is kept in the timeline', () => {
    const note: story.Draft = { type: 'note.added', text: 'the queue drains', by: story.LEAD };
    expect(card([...working, note])).toContain('in the timeline: 1 note');
    expect(card([...working, note, note])).toContain('in the timeline: 2 notes');
  });

  test('is silent about what is wanted no more', () => {
    const late = [...working, begun('set-topic:1', 'page-aloud:1'), delayed('set-topic:1', 'Slack is away.')];
    const drafts = [...late, delayed('page-aloud:1', 'Slack is away.')];
    expect(card(late)).not.toContain('Slack is away.');
    expect(card(drafts)).not.toContain('Slack is away.');
    expect(card([declared, begun('set-topic:1'), delayed('set-topic:1', 'Slack is away.')])).toContain(
      'LATE, Muster keeps trying: topic',
    );
  });

  test('shows the last status update, and when the next is due', () => {
    expect(card(working)).toContain('The next status update is due at 03:13 UTC.');
    expect(card([...working, story.drafted], { now: at(16) })).toContain('*Status update 1 is DUE since 03:13 UTC.*');
    const text = card([...working, story.drafted, story.updated], { now: at(17) });
    expect(text).toContain(
      'Status update as of 03:14:02 UTC by <@U0LEAD>: We are restoring data-processing. Next: check',
    );
    expect(text).toContain('The next status update is due at 03:28 UTC.');
  });

  test('of a long update shows the first line, and none once it is resolved', () => {
    const long = { ...story.updated, text: `We are restoring.\n${'x'.repeat(250)}` } as const;
    const drafts = [...working, story.drafted, long];
    expect(card(drafts, { now: at(17) })).toContain('by <@U0LEAD>: We are restoring. ...\n');
    expect(card([...drafts, story.resolved])).not.toContain('We are restoring');
  });

  test('once a run has brought it back, asks whether that has stopped the damage', () => {
    const back = [...working, story.linked];
    const asked = '*If that has stopped the damage, say so';
    expect(card(back, { runs: [story.RECOVERED] })).toContain(asked);
    expect(card(back, { runs: [story.RESTORING] })).not.toContain(asked);
    for (const over of [story.mitigated, story.resolved])
      expect(card([...back, over], { runs: [story.RECOVERED] })).not.toContain(asked);
  });

  test('is not loud about who leads once it is over', () => {
    const text = card([declared, story.resolved]);
    expect(text).toContain('\nRoles: commander: nobody, comms');
    expect(card([declared])).toContain('*Roles: commander: nobody, comms');
    expect(textOf('announce', contextOf([declared, story.resolved]))).not.toContain('nobody yet');
  });

  test('keeps its hands off what a newer version wrote', () => {
    const context = contextOf(working);
    const state = { ...context.view.state, foreign: 'incident.merged v1' };
    expect(textOf('post-card', { ...context, view: { ...context.view, state } })).toContain(
      'A newer Muster wrote incident.merged v1',
    );
  });
});

describe('those who are told elsewhere', () => {
  test('the announcement names the room once there is one, and how it ended', () => {
    expect(textOf('announce', contextOf([declared]))).toContain('The room is being opened.');
    const late = [declared, begun('open-room'), delayed('open-room', 'Slack answers 500.')];
    expect(textOf('announce', contextOf(late))).toContain('The room is late, Muster keeps trying: Slack answers 500.');
    expect(textOf('announce', contextOf(working))).toContain('Room: <#C0ROOM>\nCommander: <@U0LEAD>');
    const over = contextOf([...working, story.linked, story.resolved], { runs: [story.RECOVERED] });
    expect(textOf('announce', over)).toContain('Resolved after 38 min');
    expect(textOf('announce', over)).toContain('run k7m2qd: RECOVERED and verified');
    expect(valuesOf('announce', over)).toEqual([]);
  });

  test('each names the cluster of what is affected', () => {
    const target = { cluster: 'prod-eu', namespace: 'data-processing' };
    const context = contextOf([{ type: 'incident.declared', opening: { ...story.OPENING, target } }]);
    for (const key of ['post-card', 'announce', 'tell:C0STAKE'])
      expect(textOf(key, context)).toContain('namespace data-processing on cluster prod-eu');
    expect(renderPage(context.view.state, 'page:1').details).toContain('Namespace: data-processing on cluster prod-eu');
    expect(renderIncidentStatus(context)).toContain('Affected: namespace data-processing on cluster prod-eu');
    expect(textOf('announce', contextOf(working))).not.toContain('cluster');
  });

  test('stakeholders read the last update, and nothing of how it is worked on', () => {
    const told = textOf(
      'tell:C0STAKE',
      contextOf([...working, ...story.over, story.drafted, story.updated], { now: at(17), runs: [story.RESTORING] }),
    );
    expect(told).toContain(
      'Since 02:58:02 UTC.\nStatus update as of 03:14:02 UTC:\nWe are restoring data-processing.\nNext: check the queue.',
    );
    expect(told).not.toMatch(/C0ROOM|k7m2qd|PagerDuty|OVER|LEAD/);
    expect(textOf('tell:C0STAKE', contextOf([...working, story.resolved]))).toContain(
      'Resolved at 03:36:02 UTC, after 38 min: restored from backup',
    );
  });
});

describe('status updates', () => {
  const asked = [...working, story.drafted];

  test('the reminder shows the draft as it will be posted, and asks comms, else the commander, else everybody', () => {
    const text = textOf('remind:1', contextOf(asked));
    expect(text).toContain('*Status update 1 is due (03:13 UTC)*\n<@U0LEAD>, please post it');
    expect(text).toContain('> Current status: open.\n> Estimate: unknown.');
    expect(valuesOf('remind:1', contextOf(asked))).toEqual([
      `update --post 1 --incident ${ID}`,
      `update --edit 1 --incident ${ID}`,
    ]);
    const comms: story.Draft = { type: 'role.assigned', role: 'comms', user: 'U0COMMS', by: story.LEAD };
    expect(textOf('remind:1', contextOf([...asked, comms]))).toContain('<@U0COMMS>, please post it');
    expect(textOf('remind:1', contextOf([declared, story.drafted]))).toContain('whoever is here, please post it');
  });

  test('the reminder says where the draft is not so any more, and does not offer to post it', () => {
    const taken = [declared, story.drafted, { ...story.acknowledged, at: at(16) }];
    const changes: [readonly story.Draft[], string][] = [
      [[...asked, { ...story.mitigated, at: at(16) }], 'the incident was mitigated'],
      [
        [...asked, { type: 'severity.changed', severity: 'sev2', by: story.LEAD, at: at(16) }],
        'the severity was changed from SEV1 to SEV2',
      ],
      [taken, 'the page was taken'],
    ];
    for (const [drafts, what] of changes) {
      expect(textOf('remind:1', contextOf(drafts))).toContain(`*The draft is out of date: ${what} since then.*`);
      expect(valuesOf('remind:1', contextOf(drafts))).toEqual([`update --edit 1 --incident ${ID}`]);
    }
  });

  test('what is posted as it was drafted says as of when it was so', () => {
    const posted = { ...story.updated, text: 'Current status: open.\nEstimate: unknown.', at: at(20) } as const;
    const text = textOf('post-update:1', contextOf([...asked, posted]));
    expect(text).toContain('*Status update 1, as of 03:13:02 UTC*');
    expect(text).toContain('By <@U0LEAD> at 03:18:02 UTC; due 03:13 UTC.');
    expect(textOf('post-update:1', contextOf([...asked, story.updated]))).toContain(
      '*Status update 1, as of 03:14:02 UTC*',
    );
  });

  test('once it is answered, late or superseded, it says so and has no buttons', () => {
    const answered = contextOf([...asked, story.updated]);
    expect(textOf('remind:1', answered)).toBe(
      'Status update 1 (due 03:13 UTC) was given by <@U0LEAD> at 03:14:02 UTC.',
    );
    expect(valuesOf('remind:1', answered)).toEqual([]);
    const newer = { ...story.drafted, slot: 2, at: at(30) } as const;
    expect(textOf('remind:1', contextOf([...asked, newer]))).toContain(
      'was NOT given in time; a newer one was asked for',
    );
    const second = { ...story.updated, slot: 2, at: at(31) } as const;
    for (const more of [[second], [second, story.resolved]])
      expect(textOf('remind:1', contextOf([...asked, newer, ...more]))).toContain('was NOT given in time');
    const { slot: _slot, ...between } = story.updated as typeof story.updated & { slot: number };
    expect(textOf('remind:1', contextOf([...asked, between as story.Draft, newer, second]))).toContain(
      'was given by <@U0LEAD> at 03:14:02 UTC.',
    );
    expect(textOf('remind:1', contextOf([...asked, story.resolved]))).toContain(
      'was not given: the incident is resolved',
    );
  });

  test('the update is said as it was written, with its author and slot', () => {
    const text = textOf('post-update:1', contextOf([...asked, story.updated]));
    expect(text).toContain('We are restoring data-processing.\nNext: check the queue.');
    expect(text).toContain('By <@U0LEAD>; due 03:13 UTC. SEV1 OPEN');
    const { slot: _slot, ...between } = { ...story.updated, slot: undefined };
    expect(textOf('post-update:1', contextOf([...working, between as story.Draft]))).toContain(
      'between two that were due',
    );
  });
});

describe('the call to everybody', () => {
  const failing = [declared, begun('page:1', 'page-by-event:1'), delayed('page:1', 'It does not answer.')];

  test('is loud, says why, and that Muster keeps trying', () => {
    const text = textOf('page-aloud:1', contextOf([...failing, refused('page-by-event:1', 'It answers 400.')]));
    expect(text).toMatch(/^NOBODY COULD BE PAGED\n<!here> \*SEV1 OPEN/);
    expect(text).toContain(
      "PagerDuty's REST API: It does not answer.\nPagerDuty's Events API: It answers 400.\nMuster keeps trying.",
    );
    expect(valuesOf('page-aloud:1', contextOf(failing))).toEqual([`ack ${ID}`]);
  });

  test('says that it is not tried on where PagerDuty refuses for good', () => {
    const drafts = [...failing.slice(0, 2), refused('page:1', '401.'), refused('page-by-event:1', '400.')];
    expect(textOf('page-aloud:1', contextOf(drafts))).toContain('Muster does not try on');
    const alone = { ...story.SETTINGS, pager: { rest: false, events: false } };
    expect(textOf('page-aloud:1', contextOf([declared], { settings: alone }))).toContain('PagerDuty is not set up');
  });

  test('calls nobody any more once somebody has it or PagerDuty pages', () => {
    for (const more of [story.acknowledged, story.paged]) {
      const text = textOf('page-aloud:1', contextOf([...failing, more]));
      expect(text).not.toContain('<!here>');
      expect(valuesOf('page-aloud:1', contextOf([...failing, more]))).toEqual([]);
    }
  });
});

test('an effect without a message has none', () => {
  expect(() => renderIncidentMessage('set-topic:1', contextOf(working))).toThrow(RangeError);
});
