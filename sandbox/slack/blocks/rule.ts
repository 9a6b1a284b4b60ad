/** How a value of Block Kit may look. The tables of blocks and elements are made of these. */
export type Rule =
  | { is: 'string'; min: number; max: number; pattern?: RegExp; oneOf?: readonly string[] }
  | { is: 'boolean' }
  | { is: 'number' }
  | { is: 'text'; types: readonly TextType[]; max: number }
  | { is: 'list'; of: Rule; min: number; max: number }
  | { is: 'object'; shape: Shape }
  /** An object whose `type` picks its shape from a table. */
  | { is: 'typed'; table: () => Readonly<Record<string, Shape>>; types: readonly string[] };

export type TextType = 'plain_text' | 'mrkdwn';

export interface Shape {
  fields: Readonly<Record<string, Rule>>;
  required: readonly string[];
  /** Each group: at least one of these fields. */
  anyOf?: readonly (readonly string[])[];
  /** Each group: at most one of these fields. */
  notBoth?: readonly (readonly string[])[];
}

export const ANY_TEXT: readonly TextType[] = ['plain_text', 'mrkdwn'];

export const string = (
  max: number,
  more: { min?: number; pattern?: RegExp; oneOf?: readonly string[] } = {},
): Rule => ({
  is: 'string',
  min: 1,
  max,
  ...more,
});
export const oneOf = (...values: string[]): Rule => string(255, { oneOf: values });
export const boolean: Rule = { is: 'boolean' };
export const number: Rule = { is: 'number' };
export const plain = (max: number): Rule => ({ is: 'text', types: ['plain_text'], max });
export const text = (max: number): Rule => ({ is: 'text', types: ANY_TEXT, max });
export const list = (of: Rule, max: number, min = 1): Rule => ({ is: 'list', of, min, max });
export const object = (fields: Record<string, Rule>, required: readonly string[] = []): Rule => ({
  is: 'object',
  shape: { fields, required },
});
export const typed = (table: () => Readonly<Record<string, Shape>>, ...types: string[]): Rule => ({
  is: 'typed',
  table,
  types,
});
