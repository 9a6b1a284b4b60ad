import fc from 'fast-check';
import { foldIncident } from '../../../src/domain/incident.ts';
import type { IncidentContext } from '../../../src/domain/incident-context.ts';
import { IncidentEvent, ROLES, SEVERITIES } from '../../../src/domain/incident-events.ts';
import { hostileContext as hostileRun, text } from '../slack/hostile-run.ts';
import { at, DECLARED, OPENING, RECOVERED, RESTORING, SETTINGS } from './story.ts';

/** Incidents in any state, whose every text may be hostile or huge. */

const some = <T>(arbitrary: fc.Arbitrary<T>) => fc.array(arbitrary, { maxLength: 6 });
const perhaps = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const id = fc.oneof(fc.constantFrom('U0ALICE', 'U0BOB'), text, fc.constant('U0ALICE><!channel'));
const actor = fc.oneof(
  id.map((user) => ({ kind: 'slack' as const, user })),
  text.map((account) => ({ kind: 'terminal' as const, account, uid: 1 })),
);
const time = fc.oneof(fc.constantFrom(DECLARED, 0, -1e18, 1e300), fc.integer());
const url = fc.oneof(fc.constant('https://example.org/a?b=1&c=2'), text);
const key = fc.oneof(
  fc.constantFrom(
    'page:1',
    'page-by-event:1',
    'page-aloud:1',
    'find-on-call',
    'match-on-call',
    'open-room',
    'post-card',
    'tell:C0STAKE',
  ),
  fc.constantFrom('set-topic:1', 'change-page:1', 'change-page:resolve-1', 'post-update:1', 'remind:1'),
  id.map((it) => `invite:${it}`),
  text,
);
const alert = fc.record(
  {
    ...{ source: text, fingerprint: text, status: fc.constantFrom('firing', 'resolved'), name: text, summary: text },
    ...{
      labels: fc.dictionary(fc.constantFrom('service', 'namespace', 'job'), text),
      startsAt: time,
      endsAt: time,
      url,
    },
  },
  { requiredKeys: ['source', 'fingerprint', 'status', 'name', 'summary', 'labels', 'startsAt'] },
);
const result = fc.record(
  {
    ...{ channel: fc.oneof(fc.constant('C0ROOM'), text), name: text, ts: text, pager: text, url, notes: some(text) },
    responders: some(
      fc.record({
        name: text,
        pager: text,
        level: fc.nat(),
        slack: perhaps(id),
        unmatched: perhaps(fc.constant(true)),
      }),
    ),
  },
  { requiredKeys: [] },
);
const notice = fc.record({
  ...{ id: text, type: fc.oneof(fc.constant('incident.acknowledged'), text), occurredAt: time, incident: text },
  ...{
    key: perhaps(text),
    status: perhaps(fc.constantFrom('triggered', 'acknowledged', 'resolved')),
    url: perhaps(url),
  },
  ...{ by: perhaps(text), assignees: some(text), note: perhaps(text) },
});

const draft = fc.oneof(
  some(alert).map((alerts) => ({ type: 'incident.alerts-recorded', upTo: '1-0', alerts })),
  notice.map((it) => ({ type: 'incident.pager-noticed', upTo: '1-0', notice: it })),
  key.map((it) => ({ type: 'effects.begun', worker: 'w', effects: [{ key: it, attempt: 1 }] })),
  fc.tuple(key, result).map(([it, what]) => ({ type: 'effect.done', key: it, result: what })),
  fc.tuple(key, text).map(([it, why]) => ({ type: 'effect.refused', key: it, why })),
  fc.tuple(key, text).map(([it, why]) => ({ type: 'effect.delayed', key: it, why })),
  fc.constantFrom(50, 80, 100).map((percent) => ({ type: 'incident.rto-marked', percent })),
  fc.tuple(fc.integer({ min: 1, max: 3 }), text).map(([slot, it]) => ({ type: 'slot.drafted', slot, text: it })),
  fc.tuple(text, actor).map(([it, by]) => ({ type: 'update.posted', text: it, by, slot: 1 })),
  fc.tuple(text, actor).map(([it, by]) => ({ type: 'note.added', text: it, by })),
  fc
    .record({ channel: text, ts: text, author: perhaps(text), text, link: perhaps(url), by: id })
    .map((it) => ({ type: 'message.pinned', ...it })),
  fc.tuple(fc.constantFrom(...SEVERITIES), actor).map(([severity, by]) => ({ type: 'severity.changed', severity, by })),
  fc.tuple(fc.constantFrom(...ROLES), id, actor).map(([role, user, by]) => ({ type: 'role.assigned', role, user, by })),
  fc
    .tuple(fc.oneof(fc.constant('k7m2qd'), text), text, actor)
    .map(([run, command, by]) => ({ type: 'incident.run-linked', run, command, by })),
  fc
    .tuple(text, text, actor)
    .map(([name, why, by]) => ({ type: 'page.asked', who: { id: 'P1', kind: 'user', name }, why, by })),
  fc
    .record({
      change: fc.constantFrom('acknowledge', 'resolve', 'escalate', 'reassign', 'note'),
      to: perhaps(text),
      text: perhaps(text),
      by: actor,
    })
    .map((it) => ({ type: 'page.changed', page: 'page:1', ...it })),
  fc.tuple(perhaps(text), actor).map(([it, by]) => ({ type: 'incident.mitigated', text: it, by })),
  fc.tuple(perhaps(text), actor).map(([summary, by]) => ({ type: 'incident.resolved', summary, by })),
);

const opening = fc
  .record({
    ...{ title: text, service: perhaps(text), private: fc.boolean(), runbook: perhaps(text), domain: text },
    target: perhaps(fc.record({ namespace: text, cluster: perhaps(text) })),
    by: fc.oneof(actor, fc.record({ kind: fc.constant('alert' as const), source: text, route: text })),
  })
  .map((it) => ({ ...OPENING, ...it }));

export const hostileIncident: fc.Arbitrary<IncidentContext> = fc
  .record({
    ...{ opening, drafts: fc.array(draft, { maxLength: 12 }), backup: perhaps(text), progress: perhaps(text) },
    ...{ run: hostileRun, minutes: fc.nat(60), pager: fc.record({ rest: fc.boolean(), events: fc.boolean() }) },
  })
  .map(({ opening: declaredAs, drafts, backup, progress, run, minutes, pager }) => {
    const all = [{ type: 'incident.declared', opening: declaredAs }, ...drafts];
    const entries = all.map((it, index) => ({
      id: `${at(index)}-0`,
      event: IncidentEvent.parse({ v: 1, eid: `e${index}`, at: at(index), ...it }),
    }));
    const state = foldIncident(entries);
    if (state === undefined) throw new Error('no incident');
    const hostile = { ...RESTORING.view, state: run.state };
    return {
      view: { stream: 'incident-x', entries, state },
      now: at(minutes),
      settings: { ...SETTINGS, pager },
      runs: [{ ...RESTORING, progress }, RECOVERED, { view: hostile, progress }],
      backup,
    };
  });
