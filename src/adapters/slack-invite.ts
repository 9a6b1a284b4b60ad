import { WebAPIPlatformError } from '@slack/web-api';
import { isDrError } from '../errors.ts';
import type { Rooms } from '../incident-ports.ts';
import { slackWord } from './slack-errors.ts';
import type { SlackDesk } from './slack-messages.ts';

/** Slack takes so many people at once. */
const MOST = 100;

/** What is wrong with the channel, not with the person. */
const ABOUT_CHANNEL = new Set([
  ...['channel_not_found', 'not_in_channel', 'is_archived', 'method_not_supported_for_channel_type'],
  ...['restricted_action', 'invalid_channel', 'external_channel_migrating'],
]);
const IS_IN = new Set(['already_in_channel', 'cant_invite_self']);
const REASONS: Record<string, string> = {
  user_not_found: 'Slack has no such member',
  user_disabled: 'the account is deactivated',
  user_is_restricted: 'a guest',
  user_is_ultra_restricted: 'a guest of one channel',
  ura_max_channels: 'a guest of one channel',
  cant_invite: 'Slack does not let us',
  org_user_not_in_team: 'not in this workspace',
  user_team_not_in_channel: 'of another workspace',
  no_external_invite_permission: 'of another organisation',
  no_such_subteam: 'Slack has no such user group',
};

type Invited = { user: string; word: string };

/** Calls people into a channel; whoever cannot be called in keeps nobody else out. */
export function createInvite({ call, log }: Pick<SlackDesk, 'call' | 'log'>): Rooms['invite'] {
  const one = async (channel: string, user: string, signal: AbortSignal): Promise<Invited[]> => {
    try {
      await call('conversations.invite', (web) => web.conversations.invite({ channel, users: user }), signal);
      return [];
    } catch (thrown) {
      return [{ user, word: wordAboutPerson(thrown) }];
    }
  };
  const several = async (channel: string, users: readonly string[], signal: AbortSignal): Promise<Invited[]> => {
    const order = { channel, users: users.join(','), force: true };
    try {
      const { errors = [] } = await call('conversations.invite', (web) => web.conversations.invite(order), signal);
      return readErrors(errors);
    } catch (thrown) {
      const word = wordAboutPerson(thrown);
      const told = readErrors(errorsIn(thrown));
      if (users.every((user) => told.some((it) => it.user === user))) return told;
      log.warn({ channel, word }, 'Slack took nobody of a batch: inviting one by one');
      const each: Invited[] = [];
      for (const user of users) each.push(...(await one(channel, user, signal)));
      return each;
    }
  };
  const members = async (usergroup: string, signal: AbortSignal): Promise<string[] | undefined> => {
    try {
      const { users } = await call('usergroups.users.list', (web) => web.usergroups.users.list({ usergroup }), signal);
      return users ?? [];
    } catch (thrown) {
      if (!isDrError(thrown, 'CHAT_REFUSED') || slackWord(thrown.cause) !== 'no_such_subteam') throw thrown;
      return undefined;
    }
  };
  return async (channel, whom, signal) => {
    if (!whom.startsWith('S')) return explain(await one(channel, whom, signal));
    const users = await members(whom, signal);
    if (users === undefined) return explain([{ user: whom, word: 'no_such_subteam' }]);
    const refused: Invited[] = [];
    for (let from = 0; from < users.length; from += MOST)
      refused.push(...(await several(channel, users.slice(from, from + MOST), signal)));
    return explain(refused);
  };
}

/** Slack's word against this person; whatever is not about them is thrown on. */
function wordAboutPerson(thrown: unknown): string {
  const word = isDrError(thrown, 'CHAT_REFUSED') ? slackWord(thrown.cause) : undefined;
  if (word === undefined || ABOUT_CHANNEL.has(word)) throw thrown;
  return word;
}

function errorsIn(thrown: unknown): unknown[] {
  const cause = thrown instanceof Error ? thrown.cause : undefined;
  const errors: unknown = cause instanceof WebAPIPlatformError ? Reflect.get(cause.data, 'errors') : undefined;
  return Array.isArray(errors) ? errors : [];
}

function readErrors(errors: readonly unknown[]): Invited[] {
  return errors.flatMap((it) => {
    if (typeof it !== 'object' || it === null || !('user' in it) || !('error' in it)) return [];
    const { user, error } = it;
    const isKnown = typeof user === 'string' && typeof error === 'string' && /^[a-z_]{1,80}$/.test(error);
    return isKnown ? [{ user, word: error }] : [];
  });
}

function explain(refused: readonly Invited[]): string[] {
  return refused
    .filter(({ word }) => !IS_IN.has(word))
    .map(({ user, word }) => `${user} could not be called in: ${REASONS[word] ?? 'Slack refuses'} (${word})`);
}
