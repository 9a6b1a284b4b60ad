import { parseDuration } from '../domain/duration.ts';
import { explainLabel } from '../domain/names.ts';
import { parseCount } from '../domain/option-count.ts';
import { DrError } from '../errors.ts';

/** @throws DrError COMMAND_INVALID */
export function countOf(option: string, text: string | undefined, limits: { unless: number; most: number }): number {
  const parsed = parseCount(option, text, limits);
  if ('count' in parsed) return parsed.count;
  throw invalid(parsed.message, `Such as: --${option} ${limits.unless}`);
}

/** The namespace as it was typed, if it can be one. @throws DrError COMMAND_INVALID */
export function namespaceOf(text: string): string {
  const misfit = explainLabel(text);
  if (misfit === undefined) return text;
  throw invalid(`The namespace "${text}" ${misfit}.`, 'Correct the command.');
}

/** A duration in ms. @throws DrError COMMAND_INVALID */
export function durationOf(option: string, text: string): number {
  const ms = parseDuration(text);
  if (ms !== undefined) return ms;
  throw invalid(
    `--${option} "${text}" must be a duration of at most 7d, such as 90s, 15m or 1h30m.`,
    `Such as: --${option} 15m`,
  );
}

function invalid(message: string, action: string): DrError {
  return new DrError({ code: 'COMMAND_INVALID', message, action });
}
