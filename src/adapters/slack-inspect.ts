import { isDrError } from '../errors.ts';
import type { ChatInspection } from '../inspection-ports.ts';
import { createChannelBook } from './slack-channels.ts';
import { type CallSlack, clientOptions, createCaller } from './slack-client.ts';
import { chatError, slackWord } from './slack-errors.ts';
import type { SlackLog } from './slack-log.ts';
import { findPlaces } from './slack-places.ts';

/** Looks at the workspace with the bot's token, with or without the way in being open. */
export function createSlackInspection(setup: { botToken: string; apiUrl: string; log: SlackLog }): ChatInspection {
  const never = new AbortController().signal;
  const call = createCaller(setup.botToken, clientOptions(findPlaces(setup.apiUrl), setup.log, never));
  return {
    identity: async (signal) => {
      const { team = '', user = '', response_metadata } = await call('auth.test', (web) => web.auth.test(), signal);
      return { team, user, scopes: response_metadata?.scopes };
    },
    channel: (channel, signal) => findChannel(call, channel, signal),
    member: async (id, signal) => {
      const found = await orUndefined(
        call('users.info', (web) => web.users.info({ user: id }), signal),
        ['user_not_found', 'users_not_found', 'user_not_visible'],
      );
      if (found === undefined) return undefined;
      if (found.user === undefined) throw chatError('CHAT_UNANSWERED', 'Slack answered users.info without a user.');
      return found.user.deleted === true ? 'deactivated' : 'active';
    },
    memberByEmail: async (email, signal) => {
      const found = await orUndefined(
        call('users.lookupByEmail', (web) => web.users.lookupByEmail({ email }), signal),
        ['users_not_found', 'user_not_found'],
      );
      if (found === undefined) return undefined;
      if (found.user?.id === undefined)
        throw chatError('CHAT_UNANSWERED', 'Slack answered users.lookupByEmail without a user.');
      return found.user.deleted === true ? undefined : found.user.id;
    },
    groups: async (signal) => {
      const { usergroups = [] } = await call(
        'usergroups.list',
        (web) => web.usergroups.list({ include_disabled: true }),
        signal,
      );
      return new Map(
        usergroups.map(({ id = '', date_delete }) => [id, (date_delete ?? 0) > 0 ? 'disabled' : 'active'] as const),
      );
    },
  };
}

async function findChannel(call: CallSlack, given: string, signal: AbortSignal): ReturnType<ChatInspection['channel']> {
  const channel = await idOf(call, given, signal);
  if (channel === undefined) return undefined;
  const request = call('conversations.info', (web) => web.conversations.info({ channel }), signal);
  const found = (await orUndefined(request, ['channel_not_found']))?.channel;
  if (found === undefined) return undefined;
  return {
    name: found.name ?? given,
    member: found.is_member === true,
    archived: found.is_archived === true,
  };
}

/** What was looked up for messages may be old; here it is looked up anew. */
async function idOf(call: CallSlack, given: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    return await createChannelBook(call).idOf(given, signal);
  } catch (thrown) {
    // The book refuses by itself, without Slack's word, where it went through all names.
    if (isDrError(thrown, 'CHAT_REFUSED') && slackWord(thrown.cause) === undefined) return undefined;
    throw thrown;
  }
}

async function orUndefined<T>(request: Promise<T>, words: readonly string[]): Promise<T | undefined> {
  try {
    return await request;
  } catch (thrown) {
    const word = isDrError(thrown, 'CHAT_REFUSED') ? slackWord(thrown.cause) : undefined;
    if (word === undefined || !words.includes(word)) throw thrown;
    return undefined;
  }
}
