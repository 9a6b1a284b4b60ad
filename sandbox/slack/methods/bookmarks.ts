import { type Arguments, needText, readText } from '../arguments.ts';
import { copyOf } from '../json.ts';
import { LIMITS } from '../limits.ts';
import { SlackError } from '../slack-error.ts';
import type { Bookmark, Channel } from '../slack-types.ts';
import { unixSeconds } from '../workspace.ts';
import { enterChannel, seeChannel } from './access.ts';
import type { Method } from './method.ts';

function needLink(args: Arguments): string {
  const link = needText(args, 'link');
  if (!/^https?:\/\/\S+$/.test(link)) throw new SlackError('invalid_link');
  return link;
}

function readEmoji(args: Arguments, otherwise: string): string {
  const emoji = readText(args, 'emoji') ?? otherwise;
  if (emoji !== '' && !/^:[a-z0-9_+'-]+:$/.test(emoji)) throw new SlackError('invalid_emoji');
  return emoji;
}

export const addBookmark: Method = ({ workspace }, args) => {
  const channel = enterChannel(workspace, args, 'channel_id');
  const title = needText(args, 'title');
  if (needText(args, 'type') !== 'link') throw new SlackError('invalid_bookmark_type');
  if (channel.bookmarks.length >= LIMITS.bookmarks) throw new SlackError('too_many_bookmarks');
  const now = unixSeconds(workspace);
  const bookmark: Bookmark = {
    id: workspace.nextId('Bk'),
    channel_id: channel.id,
    title,
    link: needLink(args),
    emoji: readEmoji(args, ''),
    icon_url: null,
    type: 'link',
    entity_id: null,
    date_created: now,
    date_updated: 0,
    rank: String(channel.bookmarks.length).padStart(4, '0'),
    last_updated_by_user_id: workspace.bot.user,
    last_updated_by_team_id: workspace.team.id,
    shortcut_id: null,
    app_id: workspace.appId,
  };
  channel.bookmarks.push(bookmark);
  return { bookmark: copyOf(bookmark) };
};

function needBookmark(channel: Channel, args: Arguments): Bookmark {
  const id = needText(args, 'bookmark_id');
  const found = channel.bookmarks.find((bookmark) => bookmark.id === id);
  if (found === undefined) throw new SlackError('not_found');
  return found;
}

export const editBookmark: Method = ({ workspace }, args) => {
  const bookmark = needBookmark(enterChannel(workspace, args, 'channel_id'), args);
  bookmark.title = readText(args, 'title') ?? bookmark.title;
  bookmark.link = readText(args, 'link') === undefined ? bookmark.link : needLink(args);
  bookmark.emoji = readEmoji(args, bookmark.emoji);
  bookmark.date_updated = unixSeconds(workspace);
  return { bookmark: copyOf(bookmark) };
};

export const removeBookmark: Method = ({ workspace }, args) => {
  const channel = enterChannel(workspace, args, 'channel_id');
  const gone = needBookmark(channel, args);
  channel.bookmarks = channel.bookmarks.filter((bookmark) => bookmark !== gone);
  return {};
};

export const listBookmarks: Method = ({ workspace }, args) => ({
  bookmarks: copyOf(seeChannel(workspace, args, 'channel_id').bookmarks),
});
