import { isObject, type Json, type JsonObject } from '../json.ts';
import { ANY_TEXT, type Rule, type Shape } from './rule.ts';

/** What is wrong, in Slack's words: `must be less than 151 characters [json-pointer:/blocks/0/text/text]`. */
export type Findings = string[];

export const at = (pointer: string, message: string): string => `${message} [json-pointer:${pointer}]`;

type Check<K extends Rule['is']> = (value: Json, rule: Extract<Rule, { is: K }>, pointer: string) => Findings;

export const checkString: Check<'string'> = (value, rule, pointer) => {
  if (typeof value !== 'string') return [at(pointer, 'must provide a string')];
  const length = [...value].length;
  if (length < rule.min) return [at(pointer, `must be more than ${rule.min - 1} characters`)];
  if (length > rule.max) return [at(pointer, `must be less than ${rule.max + 1} characters`)];
  if (rule.oneOf !== undefined && !rule.oneOf.includes(value)) return [at(pointer, 'must be a valid enum value')];
  if (rule.pattern !== undefined && !rule.pattern.test(value)) return [at(pointer, 'does not match the pattern')];
  return [];
};

const TEXT_SHAPE: Record<string, readonly string[]> = {
  plain_text: ['type', 'text', 'emoji'],
  mrkdwn: ['type', 'text', 'verbatim'],
};

const checkText: Check<'text'> = (value, rule, pointer) => {
  if (!isObject(value)) return [at(pointer, 'must provide an object')];
  const { type } = value;
  if (typeof type !== 'string' || !ANY_TEXT.some((known) => known === type))
    return [at(`${pointer}/type`, `unsupported type: ${String(type)}`)];
  if (!rule.types.some((allowed) => allowed === type)) return [at(`${pointer}/type`, `unsupported type: ${type}`)];
  const known = TEXT_SHAPE[type] ?? [];
  const flags = ['emoji', 'verbatim'].flatMap((flag) =>
    value[flag] === undefined || typeof value[flag] === 'boolean'
      ? []
      : [at(`${pointer}/${flag}`, 'must be a boolean')],
  );
  return [
    ...checkString(value['text'] ?? null, { is: 'string', min: 1, max: rule.max }, `${pointer}/text`),
    ...checkUnknown(value, known, pointer),
    ...flags,
  ];
};

function checkUnknown(value: JsonObject, known: readonly string[], pointer: string): Findings {
  return Object.keys(value)
    .filter((key) => !known.includes(key) && value[key] !== undefined)
    .map((key) => at(pointer, `invalid additional property: ${key}`));
}

const checkList: Check<'list'> = (value, rule, pointer) => {
  if (!Array.isArray(value)) return [at(pointer, 'must provide an array')];
  if (value.length < rule.min) return [at(pointer, `no less than ${rule.min} items allowed`)];
  if (value.length > rule.max) return [at(pointer, `no more than ${rule.max} items allowed`)];
  return value.flatMap((item, index) => checkRule(item, rule.of, `${pointer}/${index}`));
};

export function checkShape(value: JsonObject, shape: Shape, pointer: string): Findings {
  const has = (key: string) => value[key] !== undefined;
  return [
    ...shape.required.filter((key) => !has(key)).map((key) => at(pointer, `missing required field: ${key}`)),
    ...(shape.anyOf ?? [])
      .filter((keys) => !keys.some(has))
      .map((keys) => at(pointer, `must define either \`${keys.join('` or `')}\``)),
    ...(shape.notBoth ?? [])
      .filter((keys) => keys.filter(has).length > 1)
      .map((keys) => at(pointer, `must define only one of \`${keys.join('` or `')}\``)),
    ...checkUnknown(value, Object.keys(shape.fields), pointer),
    ...Object.entries(shape.fields).flatMap(([key, rule]) => {
      const field = value[key];
      return field === undefined ? [] : checkRule(field, rule, `${pointer}/${key}`);
    }),
  ];
}

const checkTyped: Check<'typed'> = (value, rule, pointer) => {
  if (!isObject(value)) return [at(pointer, 'must provide an object')];
  const { type } = value;
  if (type === undefined) return [at(pointer, 'missing required field: type')];
  const shape = typeof type === 'string' && rule.types.includes(type) ? rule.table()[type] : undefined;
  if (shape === undefined) return [at(`${pointer}/type`, `unsupported type: ${String(type)}`)];
  return checkShape(value, shape, pointer);
};

export function checkRule(value: Json, rule: Rule, pointer: string): Findings {
  switch (rule.is) {
    case 'string':
      return checkString(value, rule, pointer);
    case 'boolean':
      return typeof value === 'boolean' ? [] : [at(pointer, 'must be a boolean')];
    case 'number':
      return typeof value === 'number' ? [] : [at(pointer, 'must be a number')];
    case 'text':
      return checkText(value, rule, pointer);
    case 'list':
      return checkList(value, rule, pointer);
    case 'object':
      return isObject(value) ? checkShape(value, rule.shape, pointer) : [at(pointer, 'must provide an object')];
    case 'typed':
      return checkTyped(value, rule, pointer);
  }
}
