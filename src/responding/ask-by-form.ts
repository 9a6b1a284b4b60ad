import type { Reply } from '../contracts.ts';
import { type Modal, sayInWords } from '../domain/modal.ts';

/** Longer texts than a line takes are cut there. */
export const LONGEST_TEXT = 1_500;

/** Asks for what is missing: by a form where there can be one, else it says what to type. Nothing was recorded. */
export function askByForm(modal: Modal, lines: readonly string[]): Reply {
  const error = { code: 'COMMAND_INVALID', message: lines.join(' '), action: sayInWords(modal) };
  return { ok: false, lines: [...lines], modal, data: { error } };
}
