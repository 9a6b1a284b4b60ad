import { ephemeralsFor, listPressable, onScreen, type Pressable } from '../pressable.ts';
import type { Channel, Message } from '../slack-types.ts';
import type { Workspace } from '../workspace.ts';
import type { NumberOf } from './render-blocks.ts';
import { renderAuthor, renderBody, renderTime } from './render-message.ts';
import { cleanText, renderMrkdwn } from './render-text.ts';

const NOTICES = /^(channel_|pinned_item)/;

interface Screen {
  workspace: Workspace;
  channel: Channel;
  pressable: readonly Pressable[];
  /** Time-stamps of what only this person sees. */
  secret: ReadonlySet<string>;
}

function renderHead(workspace: Workspace, channel: Channel): string[] {
  const names = [...channel.members].map((id) => `@${workspace.users.get(id)?.name ?? id}`);
  const title = channel.kind === 'im' || channel.kind === 'mpim' ? names.join(', ') : `#${channel.name}`;
  const marks = [channel.kind === 'private' ? 'private' : '', channel.archived ? 'archived' : ''].filter(Boolean);
  return [
    `${title}${marks.map((mark) => ` (${mark})`).join('')}`,
    ...(channel.topic.value === '' ? [] : [`Topic: ${renderMrkdwn(workspace, channel.topic.value)}`]),
    ...channel.bookmarks.map(({ title: name, link }) => `Bookmark: ${cleanText(name)} (${link})`),
  ];
}

/** "lee has joined", "muster set the channel topic: ...". */
function renderNotice({ workspace }: Screen, message: Message): string {
  const text = renderMrkdwn(workspace, message.text);
  return `${renderTime(message.ts)} -- ${text.startsWith('@') ? '' : `@${renderAuthor(workspace, message).replace(' [app]', '')} `}${text}`;
}

function marksOf({ channel, secret }: Screen, message: Message): string {
  const marks = [
    message.edited === undefined ? '' : '(edited)',
    channel.pins.some(({ ts }) => ts === message.ts) ? '(pinned)' : '',
    message.broadcast === true ? '(also sent to the channel)' : '',
    secret.has(message.ts) ? '(Only visible to you)' : '',
  ];
  return marks
    .filter(Boolean)
    .map((mark) => ` ${mark}`)
    .join('');
}

function renderMessage(screen: Screen, message: Message): string[] {
  if (message.subtype !== undefined && NOTICES.test(message.subtype)) return [renderNotice(screen, message)];
  const { workspace, pressable } = screen;
  const numberOf: NumberOf = (blockId, actionId) =>
    pressable.find((each) => each.ts === message.ts && each.blockId === blockId && each.actionId === actionId);
  const head = `${renderTime(message.ts)} ${renderAuthor(workspace, message)}${marksOf(screen, message)}`;
  const isReply = message.thread_ts !== undefined && message.thread_ts !== message.ts;
  const lines = [head, ...renderBody(workspace, message, numberOf).map((line) => `  ${line}`.trimEnd())];
  return isReply ? lines.map((line) => `    ${line}`) : lines;
}

export interface ShownMessage {
  ts: string;
  text: string;
}

/** Its messages as Slack would show them to this person, in the order of the screen. */
export function renderMessages(workspace: Workspace, channel: Channel, user: string | undefined): ShownMessage[] {
  const screen: Screen = {
    workspace,
    channel,
    pressable: listPressable(workspace, channel, user),
    secret: new Set(ephemeralsFor(workspace, channel, user).map(({ message }) => message.ts)),
  };
  return onScreen(workspace, channel, user).map((message) => ({
    ts: message.ts,
    text: renderMessage(screen, message).join('\n'),
  }));
}

/** The channel as Slack would show it to this person, as plain text; buttons have numbers. */
export function renderChannel(workspace: Workspace, channel: Channel, user: string | undefined): string {
  const messages = renderMessages(workspace, channel, user).map(({ text }) => text);
  return `${[...renderHead(workspace, channel), '', ...messages].join('\n')}\n`;
}
