import { readMarkup } from '../domain/slack-markup.ts';
import { isDrError } from '../errors.ts';
import type { Rooms } from '../incident-ports.ts';
import { chatError, slackWord } from './slack-errors.ts';
import { createInvite } from './slack-invite.ts';
import type { SlackDesk } from './slack-messages.ts';
import { createPeople } from './slack-people.ts';

/** Slack's limit of a topic and of a purpose, in characters. */
const LONGEST_TOPIC = 250;
const PAGE = 1_000;
const MOST_PAGES = 50;
/** How far Slack's clock may be behind ours, ms. */
const SKEW_MS = 60_000;

/** War rooms: channels that the bot makes, and what is in them beside messages. */
export function createRooms(desk: SlackDesk): Rooms {
  const { call } = desk;
  return {
    create: (name, isPrivate, signal) => create(desk, name, isPrivate, signal),
    find: (name, since, signal) => find(desk, name, since, signal),
    setTopic: async (channel, given, signal, isFirst = false) => {
      const topic = cut(given);
      if (!isFirst && isSame((await look(desk, channel, signal)).topic, topic)) return;
      await call('conversations.setTopic', (web) => web.conversations.setTopic({ channel, topic }), signal);
    },
    setPurpose: async (channel, given, signal, isFirst = false) => {
      const purpose = cut(given);
      if (!isFirst && isSame((await look(desk, channel, signal)).purpose, purpose)) return;
      await call('conversations.setPurpose', (web) => web.conversations.setPurpose({ channel, purpose }), signal);
    },
    addBookmark: async (channel, bookmark, signal, isFirst = false) => {
      if (!isFirst && (await hasBookmark(desk, channel, bookmark, signal))) return;
      const added = { channel_id: channel, title: bookmark.title, link: bookmark.url, type: 'link' as const };
      await call('bookmarks.add', (web) => web.bookmarks.add(added), signal);
    },
    pin: async (channel, timestamp, signal) => {
      try {
        await call('pins.add', (web) => web.pins.add({ channel, timestamp }), signal);
      } catch (thrown) {
        if (wordOf(thrown) !== 'already_pinned') throw thrown;
      }
    },
    invite: createInvite(desk),
    ...createPeople(desk),
  };
}

async function hasBookmark(
  { call }: SlackDesk,
  channel: string,
  { title, url }: { title: string; url: string },
  signal: AbortSignal,
): Promise<boolean> {
  const order = { channel_id: channel };
  const { bookmarks = [] } = await call('bookmarks.list', (web) => web.bookmarks.list(order), signal);
  return bookmarks.some((it) => isSame(it.title, title) && isSame(it.link, url));
}

async function create({ call }: SlackDesk, name: string, isPrivate: boolean, signal: AbortSignal): Promise<string> {
  try {
    const order = { name, is_private: isPrivate };
    const made = await call('conversations.create', (web) => web.conversations.create(order), signal);
    if (made.channel?.id !== undefined) return made.channel.id;
  } catch (thrown) {
    if (wordOf(thrown) !== 'name_taken') throw thrown;
    throw chatError('CHAT_NAME_TAKEN', `Slack has a channel #${name} already.`, { cause: thrown });
  }
  throw chatError('CHAT_UNANSWERED', `Slack made the channel #${name} without saying where it is.`);
}

/** Lists all channels, which is slow: only after a crash. Whoever bears the name may have taken it before us. */
async function find({ call, identity }: SlackDesk, name: string, since: number, signal: AbortSignal) {
  const { botUserId } = await identity.find(signal);
  const about = { types: 'public_channel,private_channel', exclude_archived: true, limit: PAGE };
  let cursor = '';
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const order = { ...about, ...(cursor === '' ? {} : { cursor }) };
    const found = await call('conversations.list', (web) => web.conversations.list(order), signal);
    const named = found.channels?.find((channel) => channel.name === name);
    if (named !== undefined) {
      const isOurs = named.creator === botUserId && ((named.created ?? 0) + 1) * 1_000 + SKEW_MS > since;
      return isOurs ? named.id : undefined;
    }
    cursor = found.response_metadata?.next_cursor ?? '';
    if (cursor === '') return undefined;
  }
  throw chatError('CHAT_UNANSWERED', `Slack has more channels than can be looked through for #${name}.`);
}

/** Saying anew what is said already would be one more line for everybody in the channel. */
async function look({ call }: SlackDesk, channel: string, signal: AbortSignal) {
  const info = await call('conversations.info', (web) => web.conversations.info({ channel }), signal);
  return { topic: info.channel?.topic?.value, purpose: info.channel?.purpose?.value };
}

function cut(text: string): string {
  const characters = [...text];
  return characters.length <= LONGEST_TOPIC ? text : `${characters.slice(0, LONGEST_TOPIC - 1).join('')}…`;
}

function wordOf(thrown: unknown): string | undefined {
  return isDrError(thrown, 'CHAT_REFUSED') ? slackWord(thrown.cause) : undefined;
}

/** Slack shows `&`, `<` and `>` escaped, whether or not they were sent so. */
function isSame(shown: string | undefined, given: string): boolean {
  return shown === given || readMarkup(shown ?? '') === given;
}
