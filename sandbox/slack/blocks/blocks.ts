import { LIMITS } from '../limits.ts';
import { ACCESSORY, ACTION_ELEMENT, ELEMENTS, IMAGE_FIELDS, INPUT_ELEMENT, ONE_IMAGE } from './elements.ts';
import { RICH_TEXT_PARTS } from './rich-text.ts';
import { boolean, list, object, oneOf, plain, type Rule, type Shape, string, text, typed } from './rule.ts';

const block = (fields: Record<string, Rule>, ...required: string[]): Shape => ({
  fields: { type: string(255), block_id: string(LIMITS.id), ...fields },
  required: ['type', ...required],
});

const CONTEXT_PARTS: Readonly<Record<string, Shape>> = {
  image: ELEMENTS['image'] ?? block({}),
  ...Object.fromEntries(
    [
      ['plain_text', 'emoji'],
      ['mrkdwn', 'verbatim'],
    ].map(([type, flag]) => [
      type,
      { fields: { type: string(255), text: string(LIMITS.text), [`${flag}`]: boolean }, required: ['type', 'text'] },
    ]),
  ),
};

const CELLS: Readonly<Record<string, Shape>> = {
  raw_text: { fields: { type: string(255), text: string(LIMITS.text) }, required: ['type', 'text'] },
  rich_text: { fields: { type: string(255), elements: RICH_TEXT_PARTS }, required: ['type', 'elements'] },
};
const columnSettings = object({ align: oneOf('left', 'center', 'right'), is_wrapped: boolean });

export const BLOCKS: Readonly<Record<string, Shape>> = {
  section: {
    ...block({
      text: text(LIMITS.section.text),
      fields: list(text(LIMITS.section.field), LIMITS.section.fields),
      accessory: ACCESSORY,
      expand: boolean,
    }),
    anyOf: [['text', 'fields']],
  },
  header: block({ text: plain(LIMITS.header) }, 'text'),
  divider: block({}),
  context: block(
    {
      elements: list(
        typed(() => CONTEXT_PARTS, ...Object.keys(CONTEXT_PARTS)),
        LIMITS.context.elements,
      ),
    },
    'elements',
  ),
  actions: block({ elements: list(ACTION_ELEMENT, LIMITS.actions.elements) }, 'elements'),
  image: { ...block({ ...IMAGE_FIELDS, title: plain(LIMITS.image.title) }, 'alt_text'), ...ONE_IMAGE },
  input: block(
    {
      label: plain(LIMITS.input.label),
      hint: plain(LIMITS.input.hint),
      optional: boolean,
      dispatch_action: boolean,
      element: INPUT_ELEMENT,
    },
    'label',
    'element',
  ),
  rich_text: block({ elements: RICH_TEXT_PARTS }, 'elements'),
  markdown: block({ text: string(LIMITS.markdown) }, 'text'),
  table: block(
    {
      rows: list(
        list(
          typed(() => CELLS, ...Object.keys(CELLS)),
          LIMITS.table.columns,
        ),
        LIMITS.table.rows,
      ),
      column_settings: list(columnSettings, LIMITS.table.columns),
    },
    'rows',
  ),
};

const known = Object.keys(BLOCKS);
export const MESSAGE_BLOCK = typed(() => BLOCKS, ...known);
export const VIEW_BLOCK = typed(() => BLOCKS, ...known.filter((type) => type !== 'table' && type !== 'markdown'));
