import type { Block, Button, ChatMessage, Markup, TextFile } from '../../domain/chat-message.ts';
import { cutMarkup } from './cut-text.ts';
import { fitMessage, LIMITS } from './limits.ts';
import { escapeText } from './markup.ts';

/** A message before it is laid out. All lines are Slack's markup, escaped. */
export interface Draft {
  /** Plain text, shown large: only for what must not be overlooked. */
  loud?: string;
  /** Each is set apart from the next. */
  sections: string[][];
  /** Shown small, below. */
  small?: string[];
  buttons?: Button[];
  file?: TextFile | undefined;
}

/** The same lines as blocks, and as text for where blocks cannot be shown: there the buttons are command lines. */
export function composeMessage(run: string, { loud, sections, small = [], buttons = [], file }: Draft): ChatMessage {
  const blocks: Block[] = [
    ...(loud === undefined ? [] : [{ type: 'header', text: { type: 'plain_text', text: loud } } as const]),
    ...sections.flatMap(packLines).map((text): Block => ({ type: 'section', text: markup(text) })),
    ...packLines(small).map((text): Block => ({ type: 'context', elements: [markup(text)] })),
    ...(buttons.length === 0 ? [] : [{ type: 'actions', elements: buttons } as const]),
  ];
  const text = [
    ...(loud === undefined ? [] : [escapeText(loud)]),
    ...sections.flat(),
    ...small,
    ...buttons.map((button) => `${escapeText(button.text.text)}: /dr ${escapeText(button.value)}`),
  ];
  return fitMessage({ text: text.join('\n'), blocks, ...(file === undefined ? {} : { file }) }, wholeOf(run));
}

/** The command that shows everything about a run. */
export function wholeOf(run: string): string {
  return `/dr status ${run}`;
}

/** As few texts as hold all lines, none of them longer than a section may be. */
export function packLines(lines: readonly string[]): string[] {
  const packed: string[] = [];
  for (const line of lines) {
    const last = packed.at(-1);
    const next = cutMarkup(line, LIMITS.section);
    if (last === undefined || last.length + 1 + next.length > LIMITS.section) packed.push(next);
    else packed[packed.length - 1] = `${last}\n${next}`;
  }
  return packed;
}

function markup(text: string): Markup {
  return { type: 'mrkdwn', text, verbatim: true };
}
