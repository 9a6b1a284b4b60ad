import type { JsonObject } from './json.ts';

/** What the workspace holds, in the shapes in which Slack shows it. */
export interface User {
  id: string;
  name: string;
  realName: string;
  email: string;
  isBot: boolean;
  deleted: boolean;
}

export interface UserGroup {
  id: string;
  handle: string;
  name: string;
  users: string[];
  /** In seconds since 1970; disabled groups are only shown to who asks for them. */
  disabledAt?: number;
}

export interface Bookmark {
  id: string;
  channel_id: string;
  title: string;
  link: string;
  emoji: string;
  icon_url: null;
  type: 'link';
  entity_id: null;
  date_created: number;
  date_updated: number;
  rank: string;
  last_updated_by_user_id: string;
  last_updated_by_team_id: string;
  shortcut_id: null;
  app_id: string;
}

export interface Pin {
  ts: string;
  by: string;
  at: number;
}

export type ChannelKind = 'public' | 'private' | 'im' | 'mpim';

export interface Channel {
  id: string;
  name: string;
  previousNames: string[];
  kind: ChannelKind;
  creator: string;
  created: number;
  members: Set<string>;
  archived: boolean;
  topic: { value: string; creator: string; last_set: number };
  purpose: { value: string; creator: string; last_set: number };
  /** In order of time, replies included. */
  messages: Message[];
  pins: Pin[];
  bookmarks: Bookmark[];
}

export interface Reaction {
  name: string;
  users: string[];
  count: number;
}

export interface Message {
  type: 'message';
  subtype?: string;
  ts: string;
  user: string;
  text: string;
  team: string;
  bot_id?: string;
  app_id?: string;
  thread_ts?: string;
  /** A reply that is shown in the channel as well. */
  broadcast?: boolean;
  blocks?: JsonObject[];
  attachments?: JsonObject[];
  metadata?: JsonObject;
  files?: StoredFile[];
  upload?: boolean;
  edited?: { user: string; ts: string };
  reactions?: Reaction[];
  unfurl_links?: boolean;
  unfurl_media?: boolean;
}

export interface StoredFile {
  id: string;
  created: number;
  name: string;
  title: string;
  mimetype: string;
  filetype: string;
  size: number;
  user: string;
  url_private: string;
  url_private_download: string;
  permalink: string;
  channels: string[];
  groups: string[];
  ims: string[];
}

/** Only one person sees it, and Slack keeps no history of it. */
export interface Ephemeral {
  channel: string;
  /** Who sees it. */
  to: string;
  message: Message;
  /** Where it comes from. */
  how: 'postEphemeral' | 'ack' | 'response_url' | 'slack';
}

/** One version of one message: edits make new ones. */
export interface PostedVersion {
  channel: string;
  at: number;
  version: number;
  how: 'post' | 'update' | 'ephemeral' | 'ack' | 'response_url' | 'file';
  message: Message;
  /** What was sent, as it was sent; for `validateMessage`. */
  draft: JsonObject;
}

export interface View {
  id: string;
  user: string;
  /** As it was sent. */
  view: JsonObject;
  hash: string;
  rootId: string;
  previousId: string | undefined;
  /** What the app answered to the last submission, by block. */
  errors: Record<string, string>;
  open: boolean;
}
