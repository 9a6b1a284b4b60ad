import type { FiringRule } from '../alertmanager/build-payload.ts';
import type { SandboxPagerDuty } from '../pagerduty/start-pagerduty.ts';
import type { SandboxSlack } from '../slack/start-slack.ts';
import type { Sandbox } from '../start-sandbox.ts';

/** What the demo of an incident plays on. */
export interface Stage {
  sandbox: Sandbox;
  slack: SandboxSlack;
  pagerDuty: SandboxPagerDuty;
  /** The room's name; empty until it is there. */
  room: string;
  /** When the alert was sent, ms since 1970. */
  alertAt: number;
  rules?: FiringRule[];
}

export function roomsOf({ slack }: Pick<Stage, 'slack'>): string[] {
  return slack.channelNames().filter((name) => name.startsWith('incident-'));
}

/** The room once it can be used: its card is in it, and oncall. */
export function roomOf(stage: Stage): string | undefined {
  const { slack } = stage;
  return roomsOf(stage).find((name) => {
    const { members, messages } = slack.channel(name);
    return members.includes(slack.users.oncall) && messages().some(({ metadata }) => metadata !== undefined);
  });
}

/** Whether any message of the room reads like this now. */
export function findText({ slack, room }: Stage, pattern: RegExp): boolean {
  return slack.renderMessages(room).some(({ text }) => pattern.test(text));
}

/** The bot's messages of this effect in the room, such as `remind`. */
export function statusMessages({ slack, room }: Stage, effect: string): string[] {
  return slack
    .channel(room)
    .messages()
    .flatMap(({ metadata, text }) => {
      const { key = '' } = (metadata?.['event_payload'] ?? {}) as { key?: string };
      return key.split('/').at(-1)?.startsWith(`${effect}:`) === true ? [text] : [];
    });
}

/** PagerDuty's log of pages, and how long after the alert each thing was there. */
export function showTimes({ slack, pagerDuty, alertAt, room }: Stage): string {
  const pages = pagerDuty.pages().map(({ at, user, title, why }) => {
    return `  ${new Date(at).toISOString().slice(11, 19)} ${user}: ${title} (${why})`;
  });
  const { id } = slack.channel(room);
  const done = slack.calls().filter(({ args, answer }) => args['channel'] === id && answer === 'ok');
  const firstOf = (method: string) => done.find((call) => call.method === method)?.at;
  const since = (at: number | undefined) => (at === undefined ? 'never' : `${Math.round(at - alertAt)} ms`);
  return [
    ...pages,
    `  alert -> page: ${since(pagerDuty.pages()[0]?.at)}`,
    `  alert -> room with its card: ${since(firstOf('chat.postMessage'))}, with oncall in it: ${since(firstOf('conversations.invite'))}`,
  ].join('\n');
}
