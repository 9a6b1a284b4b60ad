import { isObject, type Json } from '../json.ts';
import { LIMITS } from '../limits.ts';
import { checkBlocks } from './check-blocks.ts';
import { at, checkShape, type Findings } from './check-rule.ts';
import { boolean, oneOf, plain, type Shape, string } from './rule.ts';

const MODAL: Omit<Shape, 'fields'> & { fields: Shape['fields'] } = {
  fields: {
    type: oneOf('modal'),
    title: plain(LIMITS.view.title),
    submit: plain(LIMITS.view.button),
    close: plain(LIMITS.view.button),
    private_metadata: string(LIMITS.view.privateMetadata, { min: 0 }),
    callback_id: string(LIMITS.view.callbackId),
    external_id: string(LIMITS.view.externalId),
    clear_on_close: boolean,
    notify_on_close: boolean,
    submit_disabled: boolean,
  },
  required: ['type', 'title', 'blocks'],
};

/** What Slack would refuse in a modal; empty: nothing. */
export function checkView(view: Json | undefined): Findings {
  if (!isObject(view)) return [at('/view', 'must provide an object')];
  const { blocks, ...rest } = view;
  const missing = blocks === undefined ? MODAL.required : MODAL.required.filter((key) => key !== 'blocks');
  const inputs = Array.isArray(blocks) && blocks.some((block) => isObject(block) && block['type'] === 'input');
  return [
    ...checkShape(rest, { fields: MODAL.fields, required: missing }, '/view'),
    ...(blocks === undefined ? [] : checkBlocks(blocks, LIMITS.view.blocks, '/view/blocks', 'view')),
    ...(inputs && view['submit'] === undefined ? [at('/view', 'missing required field: submit')] : []),
  ];
}
