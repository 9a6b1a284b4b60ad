import { type JsonObject, objectsIn, stringIn } from '../json.ts';
import type { Workspace } from '../workspace.ts';
import { cleanText } from './render-text.ts';

function renderLeaf(workspace: Workspace, leaf: JsonObject): string {
  const text = stringIn(leaf['text']);
  switch (leaf['type']) {
    case 'link':
      return text === '' ? stringIn(leaf['url']) : `${text} (${stringIn(leaf['url'])})`;
    case 'user':
      return `@${workspace.users.get(stringIn(leaf['user_id']))?.name ?? stringIn(leaf['user_id'])}`;
    case 'usergroup':
      return `@${workspace.groups.get(stringIn(leaf['usergroup_id']))?.handle ?? stringIn(leaf['usergroup_id'])}`;
    case 'channel':
      return `#${workspace.channels.get(stringIn(leaf['channel_id']))?.name ?? stringIn(leaf['channel_id'])}`;
    case 'emoji':
      return `:${stringIn(leaf['name'])}:`;
    case 'broadcast':
      return `@${stringIn(leaf['range'])}`;
    case 'date':
      return stringIn(leaf['fallback']);
    default:
      return text;
  }
}

function renderPart(workspace: Workspace, part: JsonObject): string[] {
  const elements = objectsIn(part['elements']);
  if (part['type'] === 'rich_text_list') {
    const indent = '  '.repeat(typeof part['indent'] === 'number' ? part['indent'] : 0);
    return elements.flatMap((item, index) => {
      const mark = part['style'] === 'ordered' ? `${index + 1}.` : '•';
      return `${indent}${mark} ${renderPart(workspace, item).join('\n')}`;
    });
  }
  const lines = elements
    .map((leaf) => renderLeaf(workspace, leaf))
    .join('')
    .replace(/\n$/, '')
    .split('\n');
  return part['type'] === 'rich_text_quote' ? lines.map((line) => `> ${line}`) : lines;
}

export function renderRichText(workspace: Workspace, block: JsonObject): string[] {
  return objectsIn(block['elements']).flatMap((part) => renderPart(workspace, part).map(cleanText));
}
