import { isObject, type JsonObject, objectsIn, stringIn } from '../json.ts';
import type { View } from '../slack-types.ts';

/** What a person fills in, by action id or block id. */
export type Filled = Readonly<Record<string, string>>;

function fillElement(element: JsonObject, given: string | undefined): JsonObject {
  const type = stringIn(element['type']);
  const base = { type };
  if (/_input$/.test(type)) return { ...base, value: given ?? element['initial_value'] ?? null };
  if (type === 'users_select') return { ...base, selected_user: given ?? element['initial_user'] ?? null };
  if (type === 'channels_select') return { ...base, selected_channel: given ?? element['initial_channel'] ?? null };
  if (type === 'conversations_select')
    return { ...base, selected_conversation: given ?? element['initial_conversation'] ?? null };
  if (type === 'datepicker') return { ...base, selected_date: given ?? element['initial_date'] ?? null };
  const options = objectsIn(element['options']);
  const chosen = (given ?? '').split(',').flatMap((value) => options.filter((option) => option['value'] === value));
  if (type === 'checkboxes' || type.startsWith('multi_')) return { ...base, selected_options: chosen };
  return { ...base, selected_option: chosen[0] ?? element['initial_option'] ?? null };
}

const isEmpty = (value: JsonObject): boolean =>
  Object.entries(value).every(
    ([key, each]) => key === 'type' || each === null || each === '' || (Array.isArray(each) && each.length === 0),
  );

/** `state.values` of the modal; like Slack's client, it refuses to leave a required field empty. */
export function fillView({ view }: View, filled: Filled): JsonObject {
  const inputs = objectsIn(view['blocks']).filter(({ type }) => type === 'input');
  const used = new Set<string>();
  const values = inputs.map((block): [string, JsonObject] => {
    const element = isObject(block['element']) ? block['element'] : {};
    const blockId = stringIn(block['block_id']);
    const actionId = stringIn(element['action_id']);
    for (const key of [blockId, actionId]) used.add(key);
    const value = fillElement(element, filled[actionId] ?? filled[blockId]);
    if (block['optional'] !== true && isEmpty(value)) throw new Error(`the field ${blockId} must be filled in`);
    // An input that nobody filled in is null.
    return [blockId, { [actionId]: value['value'] === '' ? { ...value, value: null } : value }];
  });
  const unknown = Object.keys(filled).filter((key) => !used.has(key));
  if (unknown.length > 0) throw new Error(`the modal has no field ${unknown.join(', ')}`);
  return Object.fromEntries(values);
}
