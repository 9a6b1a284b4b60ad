import type { ChatMessage } from '../../domain/chat-message.ts';
import { packLines } from './compose-message.ts';
import { fitMessage } from './limits.ts';
import { disarmReply, escapeSentence } from './markup.ts';

/** What a reply shows at most; more is a page that nobody reads in a chat. */
const LONGEST_REPLY = 9_000;

/** The answer to a typed command or a click, for the one who asked only. */
export function renderReply(lines: readonly string[], ok: boolean): ChatMessage {
  const marked = ok ? lines : lines.map((line, index) => (index === 0 ? `:warning: ${line}` : line));
  const { shown, left } = keepSome(marked.map((line) => escapeSentence(disarmReply(line))));
  const rest = left === 0 ? [] : [`… ${left} more lines. See them all in the terminal, with the same command: dr ...`];
  const texts = packLines([...shown, ...rest]);
  return fitMessage(
    {
      text: texts.join('\n'),
      blocks: texts.map((text) => ({ type: 'section', text: { type: 'mrkdwn', text, verbatim: true } })),
    },
    'the same command in the terminal',
  );
}

function keepSome(lines: readonly string[]): { shown: string[]; left: number } {
  let size = 0;
  const fits = lines.findIndex((line) => {
    size += line.length + 1;
    return size > LONGEST_REPLY;
  });
  // A single line that is too long is cut, not left out.
  const count = fits < 0 ? lines.length : Math.max(1, fits);
  return { shown: lines.slice(0, count), left: lines.length - count };
}
