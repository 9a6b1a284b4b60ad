import { startReadyBot, untilSlackIsQuiet } from './await-bot.ts';
import { type Measured, type Noted, spreadOf } from './measure.ts';
import { eventually, openStage, type Stage } from './open-stage.ts';
import { renderMs } from './render-measured.ts';
import { sendFirst } from './send-alerts.ts';
import { type Link, linkCalls, renderTree, type Traced } from './trace-calls.ts';
import { watchSlack } from './watch-slack.ts';

const ROUNDS = 5;
/** What Slack takes over every call, ms. */
const CALL_MS = 150;
const LIMIT = 1.2;
const QUIET_MS = 2_000;

interface Opened {
  acceptedAt: number;
  usableMs: number;
  links: Link[];
  /** The calls without which the room is not usable. */
  usable: Link[];
}

/** From an accepted alert to a room that people can work in, as a multiple of what Slack itself takes over the longest chain of calls. */
export async function benchRoom(): Promise<Measured> {
  const stage = await openStage({ pagerDuty: true });
  try {
    const remove = stage.slack.faults.add({ kind: 'slow', ms: CALL_MS });
    const rounds: Opened[] = [];
    for (let round = 0; round < ROUNDS; round += 1) rounds.push(await playRound(stage, `room-${round}`));
    remove();
    const shares = rounds.map(({ usableMs, usable }) => usableMs / chainOf(usable));
    const { median } = spreadOf(shares);
    const shown = rounds[shares.indexOf(median)];
    return {
      bounds: [
        {
          what: `alert accepted to usable room, in longest chains of Slack calls (${CALL_MS} ms injected per call)`,
          ...{ limit: LIMIT, unit: 'x', rounds: shares },
        },
      ],
      notes: [
        { what: 'usable after', value: rounds.map(({ usableMs }) => renderMs(usableMs)).join(', ') },
        { what: 'longest chain', value: rounds.map(({ usable }) => renderMs(chainOf(usable))).join(', ') },
        ...(shown === undefined ? [] : describeGraph(shown)),
      ],
    };
  } finally {
    await stage.close();
  }
}

/** Each room is the first of its process: incidents are rarer than what a bot remembers of Slack. */
async function playRound(stage: Stage, namespace: string): Promise<Opened> {
  const { slack, sandbox } = stage;
  await startReadyBot(stage);
  await untilSlackIsQuiet(stage, QUIET_MS);
  const before = new Set(slack.channelNames());
  const watch = watchSlack(slack);
  try {
    const { at: acceptedAt } = await sendFirst(stage, namespace);
    const room = await eventually('there is a room', () => slack.channelNames().find((name) => !before.has(name)));
    const { id } = slack.channel(room);
    const needed = await eventually('the room is usable', () => listNeeded(stage, id, room, watch.calls()));
    await untilSlackIsQuiet(stage, QUIET_MS);
    const links = linkCalls(watch.calls().filter((call) => call.beganAt >= acceptedAt && isAbout(call, id, room)));
    const usable = links.filter(({ call }) => needed.includes(call));
    const usableMs = Math.max(...needed.map(({ endedAt }) => endedAt)) - acceptedAt;
    return { acceptedAt, usableMs, links, usable };
  } finally {
    watch.stop();
    await sandbox.killBot();
  }
}

/** The channel made, the card posted and pinned, those on call invited, and the incidents channel told; undefined until all of it is done. */
function listNeeded({ slack }: Stage, id: string, room: string, calls: readonly Traced[]): Traced[] | undefined {
  const { oncall, lead } = slack.users;
  const find = (isIt: (call: Traced) => boolean) => calls.find(isIt);
  const invites = (user: string) =>
    find(({ what, args }) => what.startsWith('conversations.invite') && args['channel'] === id && has(args, user));
  const needed = [
    find(({ what, args }) => what.startsWith('conversations.create') && args['name'] === room),
    find(({ what, args }) => what === 'chat.postMessage post-card' && args['channel'] === id),
    find(({ what, args }) => what.startsWith('pins.add') && args['channel'] === id),
    ...[oncall, lead].map(invites),
    find(({ what, args }) => what === 'chat.postMessage announce' && has(args, room.replace('incident-', 'incident/'))),
  ];
  return needed.every((call) => call !== undefined) ? needed : undefined;
}

function has(args: Traced['args'], text: string): boolean {
  return JSON.stringify(args).includes(text);
}

/** Other incidents go on at the same time: their rooms' cards are edited every minute. */
function isAbout({ what, args }: Traced, id: string, room: string): boolean {
  if (/^(conversations\.list|users\.lookupByEmail)/.test(what)) return true;
  return has(args, `"${id}"`) || has(args, room) || has(args, room.replace('incident-', 'incident/'));
}

function chainOf(usable: readonly Link[]): number {
  return Math.max(...usable.map(({ chainMs }) => chainMs));
}

function describeGraph({ acceptedAt, links, usable }: Opened): Noted[] {
  const last = usable.find(({ chainMs }) => chainMs === chainOf(usable));
  const chain: string[] = [];
  for (let link = last; link !== undefined; link = link.after) chain.unshift(link.call.what);
  const tree = renderTree(links, acceptedAt).map((line) => `\n        ${line}`);
  return [
    { what: 'the chain', value: chain.join(' > ') },
    { what: 'who waited for whom in the median round, since the alert was accepted', value: tree.join('') },
  ];
}
