import type { Kill, KillPoint } from './kill-switch.ts';
import type { Trial } from './run-trial.ts';

/** The whole job through Slack. What is said comes in between what is done as time has it, so a point goes by its name. */

const PHASES = ['before', 'after'] as const;
type Phase = (typeof PHASES)[number];
type CallPhase = Phase | 'lands late';

const MESSAGES = ['card', 'plan', 'end'];
/** What is certainly recorded about the messages of a run that goes well. */
const POST_EVENTS = [
  ...MESSAGES.flatMap((kind) => [`post.begun ${kind}`, `post.sent ${kind}`]),
  'post.edited card',
  'posts.ended',
];
const POSTINGS = MESSAGES.map((kind) => `chat.postMessage ${kind}`);
const FILE_CALLS = ['files.getUploadURLExternal', 'upload', 'files.completeUploadExternal'];
/** That the card says `running` is not among them: a fast run is over before it is said. */
const EDITS = ['chat.update card waiting for approval', 'chat.update plan', 'chat.update card succeeded'];
/** What the run itself records while it is talked about, each with one way to die: the terminal's matrix has the others. */
const RUN_EVENTS: readonly [what: string, phase: Phase][] = [
  ['run.planned', 'after'],
  ['run.started', 'before'],
  ['step.succeeded restore', 'after'],
  ['run.succeeded', 'before'],
  ['run.succeeded', 'after'],
];

/** What may happen or not, as time has it: no trial is about it. */
const BY_CHANCE = [/^chat\.update card (planning|running)$/];

/** The names and the order are the same each time. */
export function listSlackTrials(): Trial[] {
  return [...postTrials(), ...callTrials(), ...deliveryTrials(), ...runTrials(), ...secondKillTrials()];
}

/** Which of the things that an undisturbed run in Slack did about messages no trial is about. */
export function findUntried(did: readonly string[]): string[] {
  const tried = [...POST_EVENTS, ...POSTINGS, ...FILE_CALLS, ...EDITS];
  const told = did.filter((what) => /^(posts?|chat|files|upload)\b/.test(what));
  return [...new Set(told)].filter((what) => !tried.includes(what) && !BY_CHANCE.some((it) => it.test(what)));
}

function postTrials(): Trial[] {
  return pairs(POST_EVENTS).map(([what, phase]) =>
    trial('in Slack: the bot, at what it records of messages', `${phase} ${what}`, [atEvent(what, phase)]),
  );
}

function callTrials(): Trial[] {
  const kind = 'in Slack: the bot, at a call';
  const late = [...POSTINGS, 'files.completeUploadExternal'].map((what): [string, CallPhase] => [what, 'lands late']);
  return [...pairs([...POSTINGS, ...FILE_CALLS, ...EDITS]), ...late].map(([what, phase]) =>
    trial(kind, phase === 'lands late' ? `${what}, which lands late` : `${phase} ${what}`, [atCall(what, phase)]),
  );
}

/** The person sees an error instead of an answer. */
function deliveryTrials(): Trial[] {
  const kind = 'in Slack: the bot, at what a person asks';
  const trials = pairs(['run.requested', 'run.approved']).map(([what, phase]) =>
    trial(kind, `${phase} ${what}`, [atEvent(what, phase)]),
  );
  const again = trial(kind, 'after run.requested, typed again at once', [atEvent('run.requested', 'after')]);
  return [...trials, { ...again, habit: 'types again at once' }];
}

function runTrials(): Trial[] {
  return RUN_EVENTS.map(([what, phase]) =>
    trial('in Slack: the bot, at what it records of the run', `${phase} ${what}`, [atEvent(what, phase)]),
  );
}

/** Who recovers dies at the first thing it records about the message that was in doubt. */
function secondKillTrials(): Trial[] {
  const kind = 'in Slack: the bot, and again when it recovers';
  const twice = (first: Kill, second: Kill) =>
    trial(kind, `${nameOf(first)}, then ${nameOf(second)} of the next process`, [first, second]);
  // Nothing was posted, so it is begun again.
  const begun = pairs(MESSAGES.map((kind) => `post.begun ${kind}`)).map(([what, phase]) =>
    twice(atEvent(what, 'after'), atEvent(what, phase)),
  );
  // It was posted: it is found, and that is recorded.
  const found = MESSAGES.map((message, i) =>
    twice(
      atCall(`chat.postMessage ${message}`, 'after'),
      atEvent(`post.sent ${message}`, i === 1 ? 'after' : 'before'),
    ),
  );
  return [...begun, ...found];
}

function nameOf({ point }: Kill): string {
  return 'what' in point ? `${point.phase} ${point.what}` : point.at;
}

function trial(kind: string, name: string, kills: readonly Kill[]): Trial {
  return { kind, name: `Slack: ${name}`, worker: 'slack', kills };
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
