import type { Block, Button, ChatMessage } from '../../../src/domain/chat-message.ts';

/** A message as text, for people who read about it instead of seeing it. */
export function showMessage({ blocks, file }: ChatMessage): string {
  const buttons = blocks.flatMap((block) => (block.type === 'actions' ? block.elements : []));
  return [
    ...blocks.flatMap(showBlock),
    ...(file === undefined ? [] : [`(file ${file.name})`]),
    ...buttons.flatMap(showConfirm),
  ].join('\n');
}

function showBlock(block: Block): string[] {
  switch (block.type) {
    case 'header':
      return [`## ${block.text.text}`];
    case 'section':
      return 'text' in block ? [readable(block.text.text)] : block.fields.map(({ text }) => readable(text));
    case 'context':
      return block.elements.map(({ text }) => `-- ${readable(text)}`);
    case 'actions':
      return [block.elements.map(({ text, value }) => `[${text.text}: /dr ${value}]`).join('  ')];
    case 'divider':
      return ['---'];
  }
}

function showConfirm({ text, confirm }: Button): string[] {
  if (confirm === undefined) return [];
  const question = confirm.text.text.replaceAll('\n', ' | ');
  return [`   ${text.text} asks: ${confirm.title.text} ${question} [${confirm.confirm.text}] [${confirm.deny.text}]`];
}

function readable(markup: string): string {
  return markup
    .replace(/<!subteam\^(\w+)>/g, '@$1')
    .replace(/<@(\w+)>/g, '@$1')
    .replace(/<https?:[^|>]*\|([^>]*)>/g, '<$1>')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
