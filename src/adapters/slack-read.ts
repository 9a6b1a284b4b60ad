import { isDrError } from '../errors.ts';
import type { Chat, ReadMessage } from '../ports.ts';
import { slackWord } from './slack-errors.ts';
import type { SlackDesk } from './slack-messages.ts';

const GONE = new Set(['thread_not_found', 'message_not_found']);

/** Reads one message: of the methods that do, only the one for threads finds replies too. */
export function createRead({ call }: Pick<SlackDesk, 'call'>): Chat['read'] {
  return async ({ channel, ts }, signal) => {
    const order = { channel, ts, oldest: ts, latest: ts, inclusive: true, limit: 2 };
    try {
      const found = await call('conversations.replies', (web) => web.conversations.replies(order), signal);
      const message = found.messages?.find((it) => it.ts === ts);
      return message === undefined ? undefined : readMessage(message, channel);
    } catch (thrown) {
      const word = isDrError(thrown, 'CHAT_REFUSED') ? slackWord(thrown.cause) : undefined;
      if (word === undefined || !GONE.has(word)) throw thrown;
      return undefined;
    }
  };
}

interface Shown {
  user?: string;
  text?: string;
  files?: { name?: string }[];
  reactions?: { name?: string; count?: number }[];
  pinned_to?: string[];
}

function readMessage({ user, text = '', files = [], reactions = [], ...rest }: Shown, channel: string): ReadMessage {
  const names = files.map(({ name = 'without a name' }) => `[file: ${name}]`);
  return {
    author: user,
    text: [text, ...names].filter((part) => part !== '').join(' '),
    emoji: reactions.flatMap(({ name, count = 0 }) => (name === undefined || count === 0 ? [] : [name])),
    pinned: rest.pinned_to?.includes(channel) === true,
  };
}
