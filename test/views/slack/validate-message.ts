/**
 * What is wrong with a message, by Slack's Block Kit reference; written for itself, so that it knows nothing of the views' own limits.
 * Lengths are counted in UTF-16 units, which is never less than characters.
 */
export function validateMessage(message: { text: string; blocks: object[]; file?: object }): string[] {
  const wrong: string[] = [];
  const must = (ok: boolean, what: string) => {
    if (!ok) wrong.push(what);
  };
  checkText(must, 'text', message.text, 4_000);
  must(message.blocks.length <= 50, `${message.blocks.length} blocks`);
  must(countTexts(message.blocks) <= 13_000, `${countTexts(message.blocks)} characters in all blocks`);
  for (const block of message.blocks) checkBlock(must, { ...block });
  if (message.file !== undefined) checkFile(must, { ...message.file });
  return wrong;
}

type Must = (ok: boolean, what: string) => void;
type Fields = Record<string, unknown>;

function checkBlock(must: Must, block: Fields): void {
  const { type } = block;
  if (type === 'header') {
    onlyKeys(must, block, ['type', 'text']);
    checkObject(must, 'header', block['text'], ['plain_text'], 150);
  } else if (type === 'section') {
    onlyKeys(must, block, ['type', 'text', 'fields']);
    const fields = block['fields'];
    if (fields === undefined) checkObject(must, 'section', block['text'], ['mrkdwn', 'plain_text'], 3_000);
    else for (const each of listOf(must, 'fields', fields, 10)) checkObject(must, 'field', each, ['mrkdwn'], 2_000);
  } else if (type === 'context') {
    onlyKeys(must, block, ['type', 'elements']);
    for (const each of listOf(must, 'context', block['elements'], 10))
      checkObject(must, 'context', each, ['mrkdwn'], 3_000);
  } else if (type === 'actions') {
    onlyKeys(must, block, ['type', 'elements']);
    const buttons = listOf(must, 'actions', block['elements'], 25);
    const ids = buttons.map((it) => it['action_id']);
    must(new Set(ids).size === ids.length, `action_ids ${ids.join(', ')}`);
    for (const each of buttons) checkButton(must, each);
  } else must(type === 'divider', `a block of type ${String(type)}`);
}

function checkButton(must: Must, button: Fields): void {
  onlyKeys(must, button, ['type', 'action_id', 'text', 'value', 'style', 'confirm']);
  must(button['type'] === 'button', `an element ${String(button['type'])}`);
  checkText(must, 'action_id', button['action_id'], 255);
  checkObject(must, 'button', button['text'], ['plain_text'], 75);
  checkText(must, 'value', button['value'], 2_000);
  checkStyle(must, button['style']);
  if (button['confirm'] === undefined) return;
  const confirm = fieldsOf(button['confirm']);
  onlyKeys(must, confirm, ['title', 'text', 'confirm', 'deny', 'style']);
  checkObject(must, 'confirm.title', confirm['title'], ['plain_text'], 100);
  checkObject(must, 'confirm.text', confirm['text'], ['plain_text', 'mrkdwn'], 300);
  checkObject(must, 'confirm.confirm', confirm['confirm'], ['plain_text'], 30);
  checkObject(must, 'confirm.deny', confirm['deny'], ['plain_text'], 30);
  checkStyle(must, confirm['style']);
}

function checkStyle(must: Must, style: unknown): void {
  must(style === undefined || style === 'primary' || style === 'danger', `style ${String(style)}`);
}

function checkObject(must: Must, name: string, value: unknown, types: string[], most: number): void {
  const object = fieldsOf(value);
  const type = String(object['type']);
  must(types.includes(type), `${name} of type ${type}`);
  onlyKeys(must, object, type === 'mrkdwn' ? ['type', 'text', 'verbatim'] : ['type', 'text', 'emoji']);
  checkText(must, name, object['text'], most);
}

function checkText(must: Must, name: string, text: unknown, most: number): void {
  if (typeof text !== 'string') must(false, `${name} is no text`);
  else {
    must(text.trim().length > 0, `${name} is empty`);
    must(text.length <= most, `${name} has ${text.length} characters, at most ${most}`);
    must(text.isWellFormed(), `${name} holds half a character`);
  }
}

function checkFile(must: Must, file: Fields): void {
  must(/^[A-Za-z0-9._-]{1,255}$/.test(String(file['name'])), `file name ${String(file['name'])}`);
  checkText(must, 'file title', file['title'], 255);
  checkText(must, 'file', file['content'], 1_000_000);
}

function listOf(must: Must, name: string, value: unknown, most: number): Fields[] {
  const list: unknown[] = Array.isArray(value) ? value : [];
  must(list.length > 0 && list.length <= most, `${name} has ${list.length} elements`);
  return list.map(fieldsOf);
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function onlyKeys(must: Must, object: Fields, keys: string[]): void {
  for (const key of Object.keys(object)) must(keys.includes(key), `a field ${key}`);
}

function countTexts(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, inner) => sum + countTexts(inner), 0);
  if (typeof value !== 'object' || value === null) return 0;
  return Object.entries(value).reduce(
    (sum, [key, inner]) => sum + (key === 'text' && typeof inner === 'string' ? inner.length : countTexts(inner)),
    0,
  );
}
