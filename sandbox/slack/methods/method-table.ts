import { addBookmark, editBookmark, listBookmarks, removeBookmark } from './bookmarks.ts';
import { deleteMessage, updateMessage } from './chat-edit.ts';
import { getPermalink, postEphemeral, postMessage } from './chat-post.ts';
import { openConnection } from './connections.ts';
import { channelHistory, channelInfo, channelMembers, listChannels, threadReplies } from './conversations-read.ts';
import * as write from './conversations-write.ts';
import { completeUpload, fileInfo, getUploadUrl, listFiles } from './files.ts';
import { inviteMembers } from './invite.ts';
import type { Method } from './method.ts';
import * as people from './people.ts';
import { addPin, listPins, removePin } from './pins.ts';
import { addReaction } from './reactions.ts';
import { openView, pushView, updateView } from './views.ts';

export interface MethodEntry {
  run: Method;
  /** One of these must have been granted; where they differ by kind of channel, that kind's own. */
  scopes: readonly string[];
  /** Calls a minute. */
  perMinute: number;
  /** Which of the app's tokens it takes; left out: the bot's. */
  token?: 'app';
}

/** Slack's tiers of rate limits: calls a minute. */
const TIER = { 1: 1, 2: 20, 3: 50, 4: 100, special: 600 } as const;

const byKind = (what: string): string[] => [`channels:${what}`, `groups:${what}`, `im:${what}`, `mpim:${what}`];
const MANAGE = ['channels:manage', 'groups:write', 'im:write', 'mpim:write'];
const INVITE = ['channels:manage', 'groups:write'];
const entry = (run: Method, perMinute: number, ...scopes: string[]): MethodEntry => ({ run, perMinute, scopes });

/** Every method that is served. */
export const METHODS: Readonly<Record<string, MethodEntry>> = {
  'apps.connections.open': { ...entry(openConnection, TIER[1], 'connections:write'), token: 'app' },
  'api.test': entry(people.testApi, TIER[4]),
  'auth.test': entry(people.testAuth, TIER.special),
  'chat.postMessage': entry(postMessage, TIER.special, 'chat:write'),
  'chat.postEphemeral': entry(postEphemeral, TIER[4], 'chat:write'),
  'chat.update': entry(updateMessage, TIER[3], 'chat:write'),
  'chat.delete': entry(deleteMessage, TIER[3], 'chat:write'),
  'chat.getPermalink': entry(getPermalink, TIER.special),
  'conversations.create': entry(write.createChannel, TIER[2], ...INVITE),
  'conversations.invite': entry(inviteMembers, TIER[3], ...INVITE),
  'conversations.join': entry(write.joinPublic, TIER[3], 'channels:join'),
  'conversations.leave': entry(write.leaveChannel, TIER[3], ...MANAGE),
  'conversations.kick': entry(write.kickMember, TIER[3], ...INVITE),
  'conversations.setTopic': entry(write.setTopic, TIER[2], ...MANAGE),
  'conversations.setPurpose': entry(write.setPurpose, TIER[2], ...MANAGE),
  'conversations.archive': entry(write.archiveChannel, TIER[2], ...INVITE),
  'conversations.unarchive': entry(write.unarchiveChannel, TIER[2], ...INVITE),
  'conversations.rename': entry(write.renameChannel, TIER[2], ...INVITE),
  'conversations.open': entry(write.openConversation, TIER[3], 'im:write', 'mpim:write'),
  'conversations.list': entry(listChannels, TIER[2], ...byKind('read')),
  'conversations.info': entry(channelInfo, TIER[3], ...byKind('read')),
  'conversations.members': entry(channelMembers, TIER[4], ...byKind('read')),
  'conversations.history': entry(channelHistory, TIER[3], ...byKind('history')),
  'conversations.replies': entry(threadReplies, TIER[3], ...byKind('history')),
  'pins.add': entry(addPin, TIER[2], 'pins:write'),
  'pins.remove': entry(removePin, TIER[2], 'pins:write'),
  'pins.list': entry(listPins, TIER[2], 'pins:read'),
  'bookmarks.add': entry(addBookmark, TIER[2], 'bookmarks:write'),
  'bookmarks.edit': entry(editBookmark, TIER[2], 'bookmarks:write'),
  'bookmarks.remove': entry(removeBookmark, TIER[2], 'bookmarks:write'),
  'bookmarks.list': entry(listBookmarks, TIER[3], 'bookmarks:read'),
  'reactions.add': entry(addReaction, TIER[3], 'reactions:write'),
  'users.info': entry(people.userInfo, TIER[4], 'users:read'),
  'users.list': entry(people.listUsers, TIER[2], 'users:read'),
  'users.lookupByEmail': entry(people.lookupByEmail, TIER[3], 'users:read.email'),
  'usergroups.list': entry(people.listGroups, TIER[2], 'usergroups:read'),
  'usergroups.users.list': entry(people.listGroupUsers, TIER[2], 'usergroups:read'),
  'views.open': entry(openView, TIER[4]),
  'views.push': entry(pushView, TIER[4]),
  'views.update': entry(updateView, TIER[4]),
  'files.getUploadURLExternal': entry(getUploadUrl, TIER[4], 'files:write'),
  'files.completeUploadExternal': entry(completeUpload, TIER[4], 'files:write'),
  'files.info': entry(fileInfo, TIER[4], 'files:read'),
  'files.list': entry(listFiles, TIER[3], 'files:read'),
};

/** What the app is granted unless a test says otherwise: all that it can use, or hear of, but not posting where it is no member. */
export const ALL_SCOPES: readonly string[] = [
  ...new Set([
    ...Object.values(METHODS).flatMap(({ scopes, token }) => (token === 'app' ? [] : scopes)),
    'commands',
    'reactions:read',
  ]),
].sort();
