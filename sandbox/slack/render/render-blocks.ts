import { isObject, type Json, type JsonObject, objectsIn, stringIn } from '../json.ts';
import type { Pressable } from '../pressable.ts';
import type { Workspace } from '../workspace.ts';
import { renderRichText } from './render-rich-text.ts';
import { cleanText, renderMrkdwn } from './render-text.ts';

/** Knows the number on the screen of what can be pressed. */
export type NumberOf = (blockId: string, actionId: string) => Pressable | undefined;

interface Paper {
  workspace: Workspace;
  numberOf: NumberOf;
}

const COLUMN = 38;
const RULE = '─'.repeat(40);

function renderText({ workspace }: Paper, text: Json | undefined): string {
  if (!isObject(text)) return '';
  const said = stringIn(text['text']);
  return text['type'] === 'mrkdwn' ? renderMrkdwn(workspace, said) : cleanText(said);
}

/** Two columns, as Slack shows fields; a field of several lines keeps them in its own column. */
function renderFields(paper: Paper, fields: JsonObject[]): string[] {
  const cells = fields.map((field) => renderText(paper, field).split('\n'));
  return cells.flatMap((left, index) => {
    if (index % 2 === 1) return [];
    const right = cells[index + 1] ?? [];
    return Array.from({ length: Math.max(left.length, right.length) }, (_, line) =>
      `${(left[line] ?? '').padEnd(COLUMN)} ${right[line] ?? ''}`.trimEnd(),
    );
  });
}

/** `[1: Approve]`, `[2: Reject (asks: Sure?: It stops.)]`; a menu with what can be chosen. */
function renderElement(paper: Paper, block: JsonObject, element: JsonObject): string {
  if (element['type'] === 'image') return `[image: ${cleanText(stringIn(element['alt_text']))}]`;
  const found = paper.numberOf(stringIn(block['block_id']), stringIn(element['action_id']));
  if (found === undefined) return renderText(paper, element['text']);
  const asks = found.asks === undefined ? '' : ` (asks: ${cleanText(found.asks).replace(/\n/g, ' ')})`;
  const link = found.url === undefined ? '' : ` -> ${cleanText(found.url)}`;
  const options = objectsIn(element['options']).map(({ value }) => stringIn(value));
  const choices = options.length === 0 ? '' : ` {${options.join(', ')}}`;
  return `[${found.number}: ${cleanText(found.label)}${choices}${link}${asks}]`;
}

function renderSection(paper: Paper, block: JsonObject): string[] {
  const text = block['text'] === undefined ? [] : renderText(paper, block['text']).split('\n');
  const { accessory } = block;
  const aside = isObject(accessory) ? [renderElement(paper, block, accessory)] : [];
  return [...text, ...renderFields(paper, objectsIn(block['fields'])), ...aside];
}

function renderTable(paper: Paper, block: JsonObject): string[] {
  const cell = (value: JsonObject) =>
    value['type'] === 'rich_text'
      ? renderRichText(paper.workspace, value).join(' ')
      : cleanText(stringIn(value['text']));
  const rows = Array.isArray(block['rows']) ? block['rows'].map((row) => objectsIn(row).map(cell)) : [];
  const width = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  return rows.map((row) =>
    row
      .map((text, column) => text.padEnd(width(column)))
      .join(' | ')
      .trimEnd(),
  );
}

function renderBlock(paper: Paper, block: JsonObject): string[] {
  const elements = objectsIn(block['elements']);
  switch (block['type']) {
    case 'header':
      return [`== ${renderText(paper, block['text'])} ==`];
    case 'section':
      return renderSection(paper, block);
    case 'divider':
      return [RULE];
    case 'context':
      return `· ${elements
        .map((each) => (each['type'] === 'image' ? renderElement(paper, block, each) : renderText(paper, each)))
        .join('  ')}`.split('\n');
    case 'actions':
      return [elements.map((each) => renderElement(paper, block, each)).join(' ')];
    case 'image':
      return [
        `[image: ${cleanText(stringIn(block['alt_text']))}] ${cleanText(stringIn(block['image_url']))}`.trimEnd(),
      ];
    case 'markdown':
      return cleanText(stringIn(block['text'])).split('\n');
    case 'rich_text':
      return renderRichText(paper.workspace, block);
    case 'table':
      return renderTable(paper, block);
    case 'input':
      return [`${renderText(paper, block['label'])}: ____`];
    default:
      return [`[${stringIn(block['type'])}]`];
  }
}

export function renderBlocks(paper: Paper, blocks: readonly JsonObject[]): string[] {
  return blocks.flatMap((block) => renderBlock(paper, block));
}
