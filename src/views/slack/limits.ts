import type { Block, Button, ChatMessage, Confirm, Markup, PlainText, TextFile } from '../../domain/chat-message.ts';
import { cutMarkup, cutPlain } from './cut-text.ts';

/** What Slack takes, in characters or in pieces (Block Kit's reference). */
export const LIMITS = {
  blocks: 50,
  header: 150,
  section: 3_000,
  fields: 10,
  field: 2_000,
  contextElements: 10,
  contextText: 3_000,
  actions: 25,
  actionId: 255,
  buttonText: 75,
  buttonValue: 2_000,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  /** All texts of all blocks: Slack documents no limit, and refuses somewhat above 13,000. */
  total: 12_000,
  /** Slack would take ten times as much; nobody reads a longer notification. */
  messageText: 4_000,
  fileName: 100,
  fileTitle: 250,
  file: 500_000,
} as const;

/**
 * The message as Slack takes it, for any message: what is too long ends with a visible marker that names `whole`, the command that shows
 * everything. A button whose command line does not fit is left out: half a command is another command.
 */
export function fitMessage({ text, blocks, file }: ChatMessage, whole: string): ChatMessage {
  const marker = `… the whole text: ${cutPlain(whole.replace(/[<>&`]/g, '?'), 60)}`;
  const fitted = blocks.flatMap((block) => fitBlock(block, marker));
  return {
    text: cutMarkup(orBlank(text), LIMITS.messageText, marker),
    blocks: fitTotal(fitCount(fitted, marker), marker),
    ...(file === undefined ? {} : { file: fitFile(file, marker) }),
  };
}

function fitBlock(block: Block, marker: string): Block[] {
  switch (block.type) {
    case 'header':
      return isBlank(block.text.text) ? [] : [{ type: 'header', text: fitPlain(block.text, LIMITS.header) }];
    case 'section':
      return fitSection(block, marker);
    case 'context': {
      const elements = block.elements.filter(({ text }) => !isBlank(text)).slice(0, LIMITS.contextElements);
      if (elements.length === 0) return [];
      return [{ type: 'context', elements: elements.map((it) => fitMarkup(it, LIMITS.contextText, marker)) }];
    }
    case 'actions': {
      const elements = fitButtons(block.elements);
      return elements.length === 0 ? [] : [{ type: 'actions', elements }];
    }
    case 'divider':
      return [block];
  }
}

function fitSection(block: Extract<Block, { type: 'section' }>, marker: string): Block[] {
  if ('text' in block)
    return isBlank(block.text.text) ? [] : [{ type: 'section', text: fitMarkup(block.text, LIMITS.section, marker) }];
  const fields = block.fields.filter(({ text }) => !isBlank(text)).slice(0, LIMITS.fields);
  if (fields.length === 0) return [];
  return [{ type: 'section', fields: fields.map((it) => fitMarkup(it, LIMITS.field, marker)) }];
}

function fitButtons(buttons: readonly Button[]): Button[] {
  const seen = new Set<string>();
  return buttons
    .filter(({ action_id: id, value, text }) => {
      const fits = fitsWhole(id, LIMITS.actionId) && fitsWhole(value, LIMITS.buttonValue) && !isBlank(text.text);
      if (!fits || seen.has(id)) return false;
      seen.add(id);
      return true;
    })
    .slice(0, LIMITS.actions)
    .map(({ confirm, ...button }) => ({
      ...button,
      text: fitPlain(button.text, LIMITS.buttonText),
      ...(confirm === undefined ? {} : { confirm: fitConfirm(confirm) }),
    }));
}

function fitsWhole(text: string, most: number): boolean {
  return !isBlank(text) && text.length <= most && text.isWellFormed();
}

/** Never left out: it is there so that nobody clicks by mistake. */
function fitConfirm({ title, text, confirm, deny, style }: Confirm): Confirm {
  return {
    title: fitPlain(title, LIMITS.confirmTitle),
    text: text.type === 'mrkdwn' ? fitMarkup(text, LIMITS.confirmText, '…') : fitPlain(text, LIMITS.confirmText),
    confirm: fitPlain(confirm, LIMITS.confirmButton),
    deny: fitPlain(deny, LIMITS.confirmButton),
    ...(style === undefined ? {} : { style }),
  };
}

/** Buttons are kept, however many blocks there are: without them nobody can answer. */
function fitCount(blocks: readonly Block[], marker: string): Block[] {
  if (blocks.length <= LIMITS.blocks) return [...blocks];
  const actions = blocks.filter(({ type }) => type === 'actions').slice(0, LIMITS.blocks / 2);
  const others = blocks.filter(({ type }) => type !== 'actions').slice(0, LIMITS.blocks - actions.length - 1);
  return [...others, { type: 'context', elements: [{ type: 'mrkdwn', text: marker, verbatim: true }] }, ...actions];
}

/** Below this a section is not shortened further. */
const SHORTEST = 200;

/** The longest section gives way first; what cannot be shortened goes, from the end. */
function fitTotal(blocks: readonly Block[], marker: string): Block[] {
  let kept = [...blocks];
  while (sizeOf(kept) > LIMITS.total) {
    const longest = Math.max(0, ...kept.map(textLength));
    const at = kept.findIndex((block) => textLength(block) === longest);
    const block = kept[at];
    if (block?.type !== 'section' || !('text' in block) || longest <= SHORTEST) {
      kept = dropOne(kept);
      continue;
    }
    const most = Math.max(SHORTEST, longest - (sizeOf(kept) - LIMITS.total));
    kept[at] = { type: 'section', text: fitMarkup(block.text, most, marker) };
  }
  return kept;
}

function dropOne(blocks: readonly Block[]): Block[] {
  const last = blocks.findLastIndex(({ type }) => type !== 'actions');
  return blocks.filter((_block, index) => index !== (last < 0 ? blocks.length - 1 : last));
}

function textLength(block: Block): number {
  return block.type === 'section' && 'text' in block ? block.text.text.length : 0;
}

/** Every text counts, so this is never less than what Slack counts. */
function sizeOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce((sum: number, inner) => sum + sizeOf(inner), 0);
}

function fitFile({ name, title, content }: TextFile, marker: string): TextFile {
  return {
    name: cutPlain(name.replace(/[^A-Za-z0-9._-]+/g, '-') || 'text.txt', LIMITS.fileName, ''),
    title: cutPlain(orBlank(title), LIMITS.fileTitle),
    content: cutPlain(orBlank(content), LIMITS.file, `\n${marker}`),
  };
}

function fitPlain({ text }: PlainText, most: number): PlainText {
  return { type: 'plain_text', text: cutPlain(orBlank(text), most) };
}

function fitMarkup({ text }: Markup, most: number, marker: string): Markup {
  return { type: 'mrkdwn', text: cutMarkup(orBlank(text), most, marker), verbatim: true };
}

function isBlank(text: string): boolean {
  return text.trim() === '';
}

/** Slack refuses an empty text. */
function orBlank(text: string): string {
  return isBlank(text) ? '-' : text;
}
