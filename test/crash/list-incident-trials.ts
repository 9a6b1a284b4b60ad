import { type Plot, TOLD_IN } from './act-incident.ts';
import type { Kill, KillPoint } from './kill-switch.ts';
import type { Trial } from './run-trial.ts';

/** An incident's life. Effects go side by side, as time has it, so a point goes by its name. */

const PHASES = ['before', 'after'] as const;
type Phase = (typeof PHASES)[number];
type CallPhase = Phase | 'lands late';

const PLAIN: Plot = { by: 'a person', outage: 'none', quiet: false, away: 'nobody', escalates: false, withRun: false };
const LEAD = 'U0LEAD00001';

const MESSAGES = ['post-card', 'announce', `tell:${TOLD_IN}`, 'remind:1', 'post-update:1'];
const PAGING = ['page:1', 'change-page:1', 'change-page:resolve-1'];
const EFFECTS = [...PAGING, ...MESSAGES, 'open-room'];
/** Doing these twice is doing them once. */
const DECORATIONS = [
  ...['find-on-call', 'pin-card', 'set-topic:1', 'set-purpose', 'add-bookmark:page', `invite:${LEAD}`],
];
/** One of each batch that begins together, and those that a person waits for. */
const BEGUN = [
  'page:1',
  'post-card',
  'pin-card',
  'remind:1',
  'post-update:1',
  'change-page:1',
  'change-page:resolve-1',
];
const FACTS = [
  ...['incident.declared', 'incident.rto-marked', 'slot.drafted', 'update.posted', 'page.changed'],
  ...['incident.resolved', 'incident.ended'],
];
const POSTINGS = MESSAGES.map((key) => `chat.postMessage ${key}`);
const ROOM_CALLS = [
  'conversations.create',
  ...['conversations.setTopic', 'conversations.setPurpose', 'bookmarks.add', 'pins.add'],
  `conversations.invite ${LEAD}`,
];
const EDITS = ['chat.update post-card', 'chat.update announce'];
const PAGER_CALLS = [
  'POST /incidents',
  'GET /oncalls',
  'PUT /incidents/{id} acknowledged',
  'PUT /incidents/{id} resolved',
];
/** What can be found again, so that it may be on its way when its caller dies. */
const FOUND = ['POST /incidents', 'conversations.create', ...POSTINGS];

/** The names and the order are the same each time. */
export function listIncidentTrials(): Trial[] {
  return [
    ...pairs(FACTS).map((it) => eventTrial('an incident: the bot, at a fact', ...it)),
    ...pairs(BEGUN.map((key) => `effects.begun ${key}`)).map((it) =>
      eventTrial('an incident: the bot, at a beginning', ...it),
    ),
    ...pairs(EFFECTS.map((key) => `effect.done ${key}`)).map((it) =>
      eventTrial('an incident: the bot, at an outcome', ...it),
    ),
    ...DECORATIONS.map((key, i) =>
      eventTrial('an incident: the bot, at an outcome', `effect.done ${key}`, i % 2 === 0 ? 'before' : 'after'),
    ),
    ...pairs([...PAGER_CALLS, ...ROOM_CALLS, ...POSTINGS, ...EDITS]).map((it) => callTrial(...it)),
    ...FOUND.map((what) => callTrial(what, 'lands late')),
    ...alertTrials(),
    ...outageTrials(),
    ...escalateTrials(),
    ...awayTrials(),
    ...runTrials(),
    ...secondKillTrials(),
  ];
}

/** What webhooks bring lies in the inbox until it is in a timeline: Alertmanager's alerts, and PagerDuty's notices. */
function alertTrials(): Trial[] {
  const kind = 'an incident: the bot, at what webhooks bring';
  const what = ['inbox.received', 'inbox.dropped', 'incident.declared', 'incident.alerts-recorded'];
  const kills = [
    ...pairs(what).map(([it, phase]) => atEvent(it, phase)),
    ...pairs(['POST /incidents']).map(([it, phase]) => atCall(it, phase)),
    // The end of the alert.
    ...PHASES.map((phase) => kill({ at: 'event', what: 'incident.alerts-recorded', n: 2, phase })),
  ];
  const notices = pairs(['incident.pager-noticed', 'inbox.received', 'inbox.dropped']);
  return [
    ...kills.map((it) => trial(kind, `by an alert, ${nameOf(it)}`, [it], { ...PLAIN, by: 'an alert' })),
    ...notices.map(([it, phase]) => eventTrial(kind, it, phase)),
  ];
}

/** PagerDuty, or a part of it, is out of order while the bot dies. */
function outageTrials(): Trial[] {
  const kind = 'an incident: the bot, while PagerDuty is down';
  const second: Kill[] = [
    ...pairs(['effect.done page-by-event:1', 'effect.delayed page:1']).map(([what, phase]) => atEvent(what, phase)),
    ...pairs(['POST /v2/enqueue trigger']).map(([what, phase]) => atCall(what, phase)),
  ];
  const aloud: Kill[] = [
    ...pairs(['effect.done page-aloud:1']).map(([what, phase]) => atEvent(what, phase)),
    ...pairs(['chat.postMessage page-aloud:1']).map(([what, phase]) => atCall(what, phase)),
  ];
  return [
    ...second.map((kill) => trial(kind, `REST API down, ${nameOf(kill)}`, [kill], { ...PLAIN, outage: 'REST API' })),
    ...aloud.map((kill) => trial(kind, `PagerDuty down, ${nameOf(kill)}`, [kill], { ...PLAIN, outage: 'PagerDuty' })),
  ];
}

/** Done twice, these would page one more and say it twice. */
function escalateTrials(): Trial[] {
  const kills = [
    ...pairs(['PUT /incidents/{id} escalated', 'POST /incidents/{id}/notes']).map(([it, phase]) => atCall(it, phase)),
    ...['effect.done change-page:1', 'effect.done change-page:2'].map((it) => atEvent(it, 'before')),
  ];
  return kills.map((it) =>
    trial('an incident: the bot, at what pages the next level', `escalated, ${nameOf(it)}`, [it], {
      ...PLAIN,
      escalates: true,
    }),
  );
}

/** Who recovers cannot ask what became of it, at first. */
function awayTrials(): Trial[] {
  const kind = 'an incident: the bot, and what it called is away';
  const slack = ['conversations.create', ...POSTINGS].map((what) =>
    trial(kind, `Slack away after ${what}`, [atCall(what, 'after')], { ...PLAIN, away: 'Slack' }),
  );
  const pager = ['PUT /incidents/{id} escalated', 'POST /incidents/{id}/notes'].map((what) =>
    trial(kind, `PagerDuty away after ${what}`, [atCall(what, 'after')], {
      ...PLAIN,
      away: 'PagerDuty',
      escalates: true,
    }),
  );
  return [...slack, ...pager];
}

function runTrials(): Trial[] {
  return PHASES.map((phase) =>
    trial(
      'an incident: the bot, at a run of it',
      `${phase} incident.run-linked`,
      [atEvent('incident.run-linked', phase)],
      { ...PLAIN, withRun: true },
    ),
  );
}

/** Who recovers dies at what it does about the effect that was in doubt. */
function secondKillTrials(): Trial[] {
  const kind = 'an incident: the bot, and again when it recovers';
  const twice = (first: Kill, second: Kill) =>
    plainTrial(kind, `${nameOf(first)}, then ${nameOf(second)} of the next process`, [first, second]);
  return [
    twice(atCall('POST /incidents', 'after'), atEvent('effect.done page:1', 'before')),
    twice(atCall('POST /incidents', 'before'), atCall('POST /incidents', 'after')),
    twice(atCall('conversations.create', 'after'), atEvent('effect.done open-room', 'before')),
    twice(atCall('conversations.create', 'before'), atCall('conversations.create', 'after')),
    twice(atCall('chat.postMessage post-card', 'after'), atEvent('effect.done post-card', 'before')),
    twice(atCall('chat.postMessage announce', 'before'), atCall('chat.postMessage announce', 'after')),
    twice(atCall('chat.postMessage remind:1', 'after'), atEvent('effect.done remind:1', 'before')),
    twice(atEvent('effects.begun post-update:1', 'after'), atCall('chat.postMessage post-update:1', 'after')),
    twice(atCall('PUT /incidents/{id} acknowledged', 'after'), atEvent('effect.done change-page:1', 'before')),
    twice(atEvent('incident.resolved', 'after'), atEvent('incident.ended', 'before')),
  ];
}

function eventTrial(kind: string, what: string, phase: Phase): Trial {
  return plainTrial(kind, `${phase} ${what}`, [atEvent(what, phase)]);
}

function callTrial(what: string, phase: CallPhase): Trial {
  const name = phase === 'lands late' ? `${what}, which lands late` : `${phase} ${what}`;
  return plainTrial('an incident: the bot, at a call', name, [atCall(what, phase)]);
}

/** Where it is about the page, PagerDuty's webhooks say nothing: it must be asked. */
function plainTrial(kind: string, name: string, kills: readonly Kill[]): Trial {
  const quiet = kills.some(({ point }) => 'what' in point && /^(POST \/incidents|.* page:1)$/.test(point.what));
  return trial(kind, name, kills, { ...PLAIN, quiet });
}

function nameOf({ point }: Kill): string {
  if (!('what' in point)) return point.at;
  return `${point.phase} ${point.what}${point.n === 1 ? '' : ` ${point.n}`}`;
}

function trial(kind: string, name: string, kills: readonly Kill[], plot: Plot): Trial {
  return { kind, name: `incident: ${name}`, worker: 'slack', kills, plot };
}

function pairs(things: readonly string[]): [what: string, phase: Phase][] {
  return things.flatMap((what) => PHASES.map((phase): [string, Phase] => [what, phase]));
}

function atEvent(what: string, phase: Phase): Kill {
  return kill({ at: 'event', what, n: 1, phase });
}

function atCall(what: string, phase: CallPhase): Kill {
  return kill({ at: 'call', what, n: 1, phase });
}

function kill(point: KillPoint): Kill {
  return { of: 'bot', point };
}
