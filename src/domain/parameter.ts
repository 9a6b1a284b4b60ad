import { z } from 'zod';
import { DURATION_RULE, parseDuration } from './duration.ts';
import { parseTime } from './moment.ts';
import { explainLabel, explainSubdomain } from './names.ts';
import { didYouMean } from './suggest.ts';

/** A runbook's parameters: what may be declared, and how the text that a person types becomes a value. */

export const PARAMETER_TYPES = [
  'namespace',
  'name',
  'integer',
  'boolean',
  'duration',
  'time',
  'text',
  'choice',
] as const;

export const ParamValue = z.union([z.string(), z.number(), z.boolean()], 'must be text, a number, or true or false');
/** A duration stays text (`15m`), so that it reads the same in plans, records and steps. */
export type ParamValue = z.infer<typeof ParamValue>;
export type Params = Record<string, ParamValue>;

export const Parameter = z.strictObject({
  /** `namespace`: a DNS label; `name`: any object's name (a DNS subdomain); `choice` goes with `choices`. */
  type: z.enum(PARAMETER_TYPES),
  required: z.boolean().default(false),
  help: z.string().max(200, 'must have at most 200 characters').optional(),
  /** As it would be typed; `${other}`: the value of that parameter, which must have the same type. */
  default: ParamValue.optional(),
  choices: z.array(z.string().min(1, 'must not be empty')).min(1, 'must not be empty').optional(),
});
export type Parameter = z.infer<typeof Parameter>;

const LONGEST_TEXT = 500;

/** The value of a typed text, or why it is none; messages begin with `must`. */
export function parseParameter(
  { type, choices }: Pick<Parameter, 'type' | 'choices'>,
  text: string,
): { value: ParamValue } | { message: string; suggestion?: string | undefined } {
  if (text.trim() === '') return { message: 'must not be empty', suggestion: 'leave it out or give it a value' };
  switch (type) {
    case 'namespace':
      return nameOr(text, explainLabel(text), 'one namespace a run, see: kubectl get namespaces');
    case 'name':
      return nameOr(text, explainSubdomain(text), 'name exactly one');
    case 'integer': {
      const value = Number(text);
      if (/^-?\d+$/.test(text) && Number.isSafeInteger(value)) return { value };
      return { message: 'must be a whole number' };
    }
    case 'boolean':
      if (text === 'true' || text === 'yes') return { value: true };
      if (text === 'false' || text === 'no') return { value: false };
      return { message: 'must be true or false' };
    case 'duration':
      return parseDuration(text) === undefined ? { message: DURATION_RULE } : { value: text };
    case 'time': {
      const moment = parseTime(text);
      return 'message' in moment ? moment : { value: text };
    }
    case 'text':
      if (/[^\P{Cc}\n\t]/u.test(text)) return { message: 'must not hold control characters' };
      if (text.length > LONGEST_TEXT) return { message: `must have at most ${LONGEST_TEXT} characters` };
      return { value: text };
    case 'choice': {
      const known = choices ?? [];
      if (known.includes(text)) return { value: text };
      return { message: 'must be one of its choices', suggestion: didYouMean(text, known) };
    }
  }
}

/** The parameter whose value this one's default is: `default: ${other}`. */
export function defaultReference({ default: text }: Pick<Parameter, 'default'>): string | undefined {
  return /^\$\{([^{}]+)\}$/.exec(String(text))?.[1];
}

function nameOr(text: string, message: string | undefined, exactly: string) {
  if (message === undefined) return { value: text };
  if (/[*?[\]]/.test(text)) return { message, suggestion: exactly };
  const nearest = text.trim().toLowerCase().replaceAll('_', '-');
  const suggestion =
    nearest !== text && explainSubdomain(nearest) === undefined ? `did you mean "${nearest}"?` : undefined;
  return { message, suggestion };
}
