import { styleText } from 'node:util';
import type { Reply } from '../contracts.ts';
import { sayInWords } from '../domain/modal.ts';
import type { Json } from '../domain/plan.ts';
import type { ErrorRecord } from '../domain/run-events.ts';

/** Where answers go: lines for people, JSON lines for programs. */
export interface Printer {
  reply(reply: Reply): void;
  fail(error: ErrorRecord): void;
  /** Lines that stay. */
  lines(lines: readonly string[], data: Json): void;
  /** Something to know that is no answer. */
  note(text: string): void;
  /** One line that is overwritten by the next; only on a terminal. */
  progress(text: string): void;
}

/** Colours and overwriting only on a terminal (and not with NO_COLOR: `styleText` sees to that). */
export function createPrinter(out: NodeJS.WriteStream, json: boolean): Printer {
  const live = out.isTTY === true && !json;
  let open = false;
  // Whoever reads may stop reading (`dr runs | head`): that ends nothing, least of all the work.
  out.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  const write = (line: string) => {
    out.write(`${open ? '\r\u001b[K' : ''}${paint(line, out)}\n`);
    open = false;
  };
  const writeJson = (data: Json) => out.write(`${JSON.stringify(data)}\n`);
  return {
    reply: ({ ok, lines, notes = [], data, file, modal }) => {
      for (const note of notes) process.stderr.write(`${note}\n`);
      if (json) writeJson({ ok, data });
      else {
        const form = modal === undefined ? [] : [sayInWords(modal)];
        for (const line of [...lines, ...form, ...(file?.content.split('\n') ?? [])]) write(line);
      }
    },
    fail: (error) => {
      if (json) writeJson({ ok: false, data: { error: { ...error } } });
      else for (const line of [error.message, `Next: ${error.action}`]) write(line);
    },
    lines: (lines, data) => {
      if (json) writeJson(data);
      else for (const line of lines) write(line);
    },
    note: (text) => {
      if (json) process.stderr.write(`${text}\n`);
      else write(text);
    },
    progress: (text) => {
      if (!live) return;
      out.write(`\r\u001b[K${text.slice(0, (out.columns ?? 80) - 1)}`);
      open = true;
    },
  };
}

const COLOURS: [RegExp, 'green' | 'red' | 'yellow'][] = [
  [/\b(RECOVERED and verified|DONE and verified|CHECKED|succeeded)\b|^(HEALTHY|OK):/, 'green'],
  [/\b(NOT RECOVERED|NOT DONE|NOT HEALTHY|NOT OK|RED|REFUSED|ABORTED|FAILED|BREAK-GLASS)\b|^RED /, 'red'],
  [/^(Parked|Next):/, 'yellow'],
];

function paint(line: string, out: NodeJS.WriteStream): string {
  const colour = COLOURS.find(([pattern]) => pattern.test(line))?.[1];
  return colour === undefined ? line : styleText(colour, line, { stream: out });
}
