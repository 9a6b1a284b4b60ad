import { interactiveIn } from './blocks/check-blocks.ts';
import { isObject, type JsonObject, objectsIn, stringIn } from './json.ts';
import type { Channel, Ephemeral, Message } from './slack-types.ts';
import type { Workspace } from './workspace.ts';

/** A button, or a menu, as a person in a terminal can press it: by its number. */
export interface Pressable {
  number: number;
  /** Of the message that it is in. */
  ts: string;
  actionId: string;
  blockId: string;
  type: string;
  label: string;
  /** The title and text of the dialog that asks first; undefined: none. */
  asks: string | undefined;
  value: string | undefined;
  url: string | undefined;
  element: JsonObject;
}

export function blocksOf(message: Message): JsonObject[] {
  const attached = (message.attachments ?? []).flatMap((attachment) => objectsIn(attachment['blocks']));
  return [...(message.blocks ?? []), ...attached];
}

export function textOf(value: unknown): string {
  return isObject(value) ? stringIn(value['text']) : '';
}

function asked(element: JsonObject): string | undefined {
  const { confirm } = element;
  return isObject(confirm) ? `${textOf(confirm['title'])}: ${textOf(confirm['text'])}` : undefined;
}

function optional(element: JsonObject, key: string): string | undefined {
  const value = element[key];
  return typeof value === 'string' ? value : undefined;
}

const isPressable = ({ type }: JsonObject): boolean =>
  typeof type === 'string' && !/^(image|plain_text|mrkdwn)$/.test(type);

function pressableIn(message: Message): Omit<Pressable, 'number'>[] {
  return blocksOf(message).flatMap((block) =>
    interactiveIn(block)
      .map(({ element }) => element)
      .filter(isPressable)
      .map((element) => ({
        ts: message.ts,
        actionId: stringIn(element['action_id']),
        blockId: stringIn(block['block_id']),
        type: stringIn(element['type']),
        label: textOf(element['text']) || textOf(element['placeholder']) || stringIn(element['type']),
        asks: asked(element),
        value: optional(element, 'value'),
        url: optional(element, 'url'),
        element,
      })),
  );
}

/** Ephemeral messages in a channel that this person sees. */
export function ephemeralsFor(workspace: Workspace, channel: Channel, user: string | undefined): Ephemeral[] {
  return workspace.ephemerals.filter((each) => each.channel === channel.id && each.to === user);
}

/** In the order of the screen: threads follow their first message. */
export function onScreen(workspace: Workspace, channel: Channel, user: string | undefined): Message[] {
  const shown = ephemeralsFor(workspace, channel, user).map(({ message }) => message);
  const all = [...channel.messages, ...shown].sort((a, b) => (a.ts < b.ts ? -1 : 1));
  const parents = new Set(all.filter(({ thread_ts, ts }) => (thread_ts ?? ts) === ts).map(({ ts }) => ts));
  const isReply = ({ thread_ts, ts }: Message) => thread_ts !== undefined && thread_ts !== ts && parents.has(thread_ts);
  return all
    .filter((message) => !isReply(message))
    .flatMap((parent) => [parent, ...all.filter((reply) => isReply(reply) && reply.thread_ts === parent.ts)]);
}

/** Everything that this person can press in the channel, numbered from its beginning. */
export function listPressable(workspace: Workspace, channel: Channel, user: string | undefined): Pressable[] {
  return onScreen(workspace, channel, user)
    .flatMap(pressableIn)
    .map((each, index) => ({ number: index + 1, ...each }));
}
