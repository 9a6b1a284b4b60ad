import { isObject, type Json, type JsonObject, objectsIn, stringIn } from '../json.ts';
import { MESSAGE_BLOCK, VIEW_BLOCK } from './blocks.ts';
import { at, checkRule, type Findings } from './check-rule.ts';
import { list } from './rule.ts';

/** Everything in a block that has an `action_id`, with where it is. */
export function interactiveIn(block: JsonObject, pointer = ''): { element: JsonObject; pointer: string }[] {
  const listed = objectsIn(block['elements']).map((element, index) => ({
    element,
    pointer: `${pointer}/elements/${index}`,
  }));
  const single = ['accessory', 'element'].flatMap((key) => {
    const element = block[key];
    return isObject(element) ? [{ element, pointer: `${pointer}/${key}` }] : [];
  });
  return block['type'] === 'rich_text' ? [] : [...listed, ...single];
}

function checkUnique(blocks: readonly Json[], pointer: string): Findings {
  const seen = new Set<string>();
  return blocks.filter(isObject).flatMap((block, index) => {
    const id = stringIn(block['block_id']);
    const twice = id !== '' && seen.has(id);
    seen.add(id);
    const actions = new Set<string>();
    const repeated = interactiveIn(block, `${pointer}/${index}`).flatMap(({ element, pointer: where }) => {
      const action = stringIn(element['action_id']);
      const known = action !== '' && actions.has(action);
      actions.add(action);
      return known ? [at(`${where}/action_id`, `\`action_id\` "${action}" already exists`)] : [];
    });
    return [...(twice ? [at(`${pointer}/${index}/block_id`, `\`block_id\` "${id}" already exists`)] : []), ...repeated];
  });
}

/** What Slack would refuse in these blocks of a message or a view; empty: nothing. */
export function checkBlocks(blocks: Json, most: number, pointer = '/blocks', surface = 'message'): Findings {
  const rule = list(surface === 'message' ? MESSAGE_BLOCK : VIEW_BLOCK, most, 0);
  const findings = checkRule(blocks, rule, pointer);
  return Array.isArray(blocks) ? [...findings, ...checkUnique(blocks, pointer)] : findings;
}

const TEXT_KEYS = ['text', 'title', 'label', 'hint', 'description', 'alt_text'];

/** The characters that people read in these blocks together. */
export function countText(value: Json | undefined): number {
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + countText(item), 0);
  if (!isObject(value)) return 0;
  return Object.entries(value).reduce((sum, [key, inner]) => {
    if (typeof inner === 'string') return TEXT_KEYS.includes(key) ? sum + [...inner].length : sum;
    return sum + countText(inner);
  }, 0);
}
