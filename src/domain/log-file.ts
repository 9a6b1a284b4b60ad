import type { TextFile } from './chat-message.ts';
import { redactLog } from './redact-log.ts';

/** A file for a chat: more is read where the log is. */
const LONGEST = 900_000;
const LONGEST_NAME = 100;

/** The last lines of a text, secrets taken out; `left`: how many lines came before them. */
export function tailOf(text: string, count: number): { lines: string[]; left: number } {
  const all = redactLog(text).replace(/\n$/, '').split('\n');
  const lines = all.slice(-count);
  return { lines, left: all.length - lines.length };
}

export function logFile(name: string, title: string, lines: readonly string[]): TextFile {
  const content = lines.join('\n');
  const fitting = content.length > LONGEST ? `… cut …\n${content.slice(-LONGEST)}` : content;
  return { name: `${name.replaceAll(/[^\w.-]/g, '-').slice(0, LONGEST_NAME)}.log`, title, content: fitting };
}
