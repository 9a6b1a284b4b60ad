import { copyOf } from './json.ts';
import { findChannel, findUser } from './names.ts';
import { listPressable, type Pressable } from './pressable.ts';
import { renderChannel, renderMessages, type ShownMessage } from './render/render-channel.ts';
import type { Channel, Ephemeral, Message, StoredFile, View } from './slack-types.ts';
import type { Uploads } from './uploads.ts';
import type { Workspace } from './workspace.ts';

export interface ChannelLook {
  id: string;
  name: string;
  kind: Channel['kind'];
  archived: boolean;
  topic: string;
  purpose: string;
  members: string[];
  bookmarks: { title: string; link: string }[];
  /** Time-stamps. */
  pins: string[];
  /** As stored, oldest first, replies and Slack's own notices included. */
  messages(): Message[];
}

export interface SharedFile extends StoredFile {
  content: Buffer;
}

/** What people see. Channels go by id, by name, or as `@name` for the bot's direct messages with that person. */
export interface Screens {
  channel(nameOrId: string): ChannelLook;
  /** Names of the channels that are there now, oldest first. */
  channelNames(): string[];
  /** Everything that only this person was shown. */
  ephemerals(user: string): Ephemeral[];
  /** The modals that this person has open, the top one last. */
  views(user: string): View[];
  files(): SharedFile[];
  /** As Slack would show it, as plain text; `as`: with what only this person sees. */
  renderChannel(nameOrId: string, options?: { as?: string }): string;
  /** The same, message by message. */
  renderMessages(nameOrId: string, options?: { as?: string }): ShownMessage[];
  /** What can be pressed there, with its number on that screen. */
  pressable(nameOrId: string, options?: { as?: string }): Pressable[];
}

function look(channel: Channel): ChannelLook {
  const { id, name, kind, archived, topic, purpose, members, bookmarks, pins } = channel;
  return {
    ...{ id, name, kind, archived, members: [...members] },
    topic: topic.value,
    purpose: purpose.value,
    bookmarks: bookmarks.map(({ title, link }) => ({ title, link })),
    pins: pins.map(({ ts }) => ts),
    messages: () => copyOf(channel.messages),
  };
}

function filesIn(uploads: Uploads): SharedFile[] {
  return [...uploads.values()].flatMap(({ file, content }) =>
    file === undefined || content === undefined ? [] : [{ ...copyOf(file), content }],
  );
}

export function createScreens(workspace: Workspace, uploads: Uploads): Screens {
  const userId = (as: string | undefined) => (as === undefined ? undefined : findUser(workspace, as).id);
  return {
    channel: (nameOrId) => look(findChannel(workspace, nameOrId)),
    channelNames: () => [...workspace.channels.values()].map(({ name }) => name).filter((name) => name !== ''),
    ephemerals: (user) => copyOf(workspace.ephemerals.filter(({ to }) => to === findUser(workspace, user).id)),
    views(user) {
      const { id } = findUser(workspace, user);
      return copyOf([...workspace.views.values()].filter((view) => view.open && view.user === id));
    },
    files: () => filesIn(uploads),
    renderChannel: (nameOrId, { as } = {}) => renderChannel(workspace, findChannel(workspace, nameOrId), userId(as)),
    renderMessages: (nameOrId, { as } = {}) => renderMessages(workspace, findChannel(workspace, nameOrId), userId(as)),
    pressable: (nameOrId, { as } = {}) =>
      copyOf(listPressable(workspace, findChannel(workspace, nameOrId), userId(as))),
  };
}
