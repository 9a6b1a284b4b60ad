import { isObject, type JsonObject, objectsIn, stringIn } from '../slack/json.ts';
import type { SandboxSlack } from '../slack/start-slack.ts';

/** The form that this person has before them, as text; undefined: none. One that only tells something is closed. */
export function showForm(slack: SandboxSlack, user: string): string | undefined {
  const form = slack.views(user).at(-1);
  if (form === undefined) return undefined;
  const blocks = objectsIn(form.view['blocks']);
  const asks = inputsOf(form.view).length > 0;
  const lines = blocks.map((block) => describeBlock(block, form.errors[stringIn(block['block_id'])]));
  if (!asks) void slack.deliver.closeView({ user });
  return [
    `+-- ${textOf(form.view['title'])}`,
    ...lines.flatMap((text) => text.split('\n').map((line) => `| ${line}`)),
    asks ? '+-- /fill submits it as it stands; /fill <text> puts that into its first field; /close' : '+--',
  ].join('\n');
}

/** Submits it, with this text in its first field unless that is empty. False where there is none. */
export async function fillForm(slack: SandboxSlack, user: string, text: string): Promise<boolean> {
  const form = slack.views(user).at(-1);
  if (form === undefined) return false;
  const field = inputsOf(form.view)[0];
  const values = text === '' || field === undefined ? {} : { [stringIn(field['block_id'])]: text };
  await slack.deliver.submitView({ user, values });
  return true;
}

function inputsOf(view: JsonObject): JsonObject[] {
  return objectsIn(view['blocks']).filter(({ type }) => type === 'input');
}

function describeBlock(block: JsonObject, error: string | undefined): string {
  if (block['type'] !== 'input') return textOf(block['text']);
  const element = isObject(block['element']) ? block['element'] : {};
  const option = element['initial_option'];
  const value = isObject(option) ? textOf(option['text']) : stringIn(element['initial_value']);
  return [`${textOf(block['label'])}: ${value || '...'}`, ...(error === undefined ? [] : [`  ! ${error}`])].join('\n');
}

function textOf(value: unknown): string {
  return isObject(value) ? stringIn(value['text']) : '';
}
