import { LIMITS } from '../limits.ts';
import { boolean, list, number, object, oneOf, type Rule, type Shape, string, typed } from './rule.ts';

const style = object({ bold: boolean, italic: boolean, strike: boolean, code: boolean, underline: boolean });
const type = string(255);
const id = string(LIMITS.id);
const leaf = (fields: Record<string, Rule>, ...required: string[]): Shape => ({
  fields: { type, style, ...fields },
  required: ['type', ...required],
});

const LEAVES: Readonly<Record<string, Shape>> = {
  text: leaf({ text: string(LIMITS.markdown) }, 'text'),
  link: leaf({ url: string(LIMITS.button.url), text: string(LIMITS.text), unsafe: boolean }, 'url'),
  user: leaf({ user_id: id }, 'user_id'),
  usergroup: leaf({ usergroup_id: id }, 'usergroup_id'),
  channel: leaf({ channel_id: id }, 'channel_id'),
  emoji: leaf({ name: string(100), unicode: string(100) }, 'name'),
  broadcast: leaf({ range: oneOf('here', 'channel', 'everyone') }, 'range'),
  date: leaf(
    { timestamp: number, format: string(255), url: string(LIMITS.button.url), fallback: string(255) },
    'timestamp',
    'format',
  ),
};
const leaves = list(
  typed(() => LEAVES, ...Object.keys(LEAVES)),
  1_000,
);
const border = { border: number };

const PARTS: Readonly<Record<string, Shape>> = {
  rich_text_section: { fields: { type, elements: { ...leaves, min: 0 } as Rule }, required: ['type', 'elements'] },
  rich_text_quote: { fields: { type, ...border, elements: leaves }, required: ['type', 'elements'] },
  rich_text_preformatted: {
    fields: { type, ...border, language: string(50), elements: leaves },
    required: ['type', 'elements'],
  },
  rich_text_list: {
    fields: {
      type,
      ...border,
      style: oneOf('bullet', 'ordered'),
      indent: number,
      offset: number,
      elements: list(
        typed(() => PARTS, 'rich_text_section'),
        1_000,
      ),
    },
    required: ['type', 'style', 'elements'],
  },
};

export const RICH_TEXT_PARTS = list(
  typed(() => PARTS, ...Object.keys(PARTS)),
  1_000,
);
