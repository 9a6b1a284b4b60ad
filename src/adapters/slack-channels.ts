import type { CallSlack } from './slack-client.ts';
import { chatError } from './slack-errors.ts';

/** How long a name that was looked up is believed, ms; a name that was not found is looked up anew at most so often. */
const NAME_MS = 600_000;
const MISSING_MS = 30_000;
const PAGE = 1_000;
const MOST_PAGES = 50;

export interface ChannelBook {
  /** Slack's id of a channel given by id, by name, or as a member. @throws DrError CHAT_REFUSED for a name nobody bears */
  idOf(channel: string, signal: AbortSignal): Promise<string>;
  /** What was looked up under this name is out of date. */
  forget(channel: string): void;
}

export function createChannelBook(call: CallSlack): ChannelBook {
  const ids = new Map<string, { id: string; until: number }>();
  const missing = new Map<string, number>();
  const lookUp = async (name: string, signal: AbortSignal) => {
    let cursor = '';
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const found = await call(
        'conversations.list',
        (web) =>
          web.conversations.list({
            types: 'public_channel,private_channel',
            limit: PAGE,
            ...(cursor === '' ? {} : { cursor }),
          }),
        signal,
      );
      for (const channel of found.channels ?? []) {
        if (channel.name !== undefined && channel.id !== undefined) remember(ids, channel.name, channel.id);
      }
      cursor = found.response_metadata?.next_cursor ?? '';
      if (cursor === '' || ids.has(name)) return;
    }
  };
  const byName = async (name: string, signal: AbortSignal) => {
    const now = Date.now();
    const known = ids.get(name);
    if (known !== undefined && known.until > now) return known.id;
    ids.delete(name);
    if ((missing.get(name) ?? 0) < now) {
      await lookUp(name, signal);
      const found = ids.get(name);
      if (found !== undefined) return found.id;
      missing.set(name, now + MISSING_MS);
    }
    throw chatError('CHAT_REFUSED', `Slack has no channel #${name} that the bot can see.`);
  };
  return {
    idOf: (channel, signal) => {
      if (/^[CGD][A-Z0-9]+$/.test(channel)) return Promise.resolve(channel);
      if (/^[UW][A-Z0-9]+$/.test(channel)) return openDirect(call, ids, channel, signal);
      return byName(nameOf(channel), signal);
    },
    forget: (channel) => {
      ids.delete(channel);
      ids.delete(nameOf(channel));
    },
  };
}

function nameOf(channel: string): string {
  return channel.replace(/^#/, '').toLowerCase();
}

type Ids = Map<string, { id: string; until: number }>;

async function openDirect(call: CallSlack, ids: Ids, user: string, signal: AbortSignal): Promise<string> {
  const known = ids.get(user)?.id;
  if (known !== undefined) return known;
  const opened = await call('conversations.open', (web) => web.conversations.open({ users: user }), signal);
  const id = opened.channel?.id;
  if (id === undefined) throw chatError('CHAT_UNANSWERED', 'Slack opened a direct message without saying where.');
  remember(ids, user, id);
  return id;
}

function remember(ids: Ids, name: string, id: string): void {
  ids.set(name, { id, until: Date.now() + NAME_MS });
}
