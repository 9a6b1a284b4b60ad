import { type JsonObject, objectsIn, stringIn } from '../json.ts';
import type { Message, StoredFile } from '../slack-types.ts';
import type { Workspace } from '../workspace.ts';
import { type NumberOf, renderBlocks } from './render-blocks.ts';
import { cleanText, renderMrkdwn } from './render-text.ts';

export function renderTime(ts: string): string {
  return new Date(Number(ts) * 1_000).toISOString().slice(11, 19);
}

export function renderSize(bytes: number): string {
  if (bytes < 1_024) return `${bytes} B`;
  return bytes < 1_048_576 ? `${(bytes / 1_024).toFixed(1)} KB` : `${(bytes / 1_048_576).toFixed(1)} MB`;
}

const renderFile = ({ name, title, size }: StoredFile): string => {
  const label = title === name ? name : `${title} (${name})`;
  return `[file: ${cleanText(label)}, ${renderSize(size)}]`;
};

function renderAttachment(workspace: Workspace, numberOf: NumberOf, attachment: JsonObject): string[] {
  const said = ['pretext', 'title', 'text', 'footer'].flatMap((key) => {
    const text = stringIn(attachment[key]);
    return text === '' ? [] : renderMrkdwn(workspace, text).split('\n');
  });
  const blocks = renderBlocks({ workspace, numberOf }, objectsIn(attachment['blocks']));
  return [...said, ...blocks].map((line) => `| ${line}`.trimEnd());
}

export function renderBody(workspace: Workspace, message: Message, numberOf: NumberOf): string[] {
  const { blocks, attachments = [], files = [], reactions = [], text } = message;
  const said = text === '' ? [] : renderMrkdwn(workspace, text).split('\n');
  return [
    // Slack shows the blocks in place of the text, which is for notifications then.
    ...(blocks === undefined ? said : renderBlocks({ workspace, numberOf }, blocks)),
    ...attachments.flatMap((attachment) => renderAttachment(workspace, numberOf, attachment)),
    ...files.map(renderFile),
    ...(reactions.length === 0 ? [] : [reactions.map(({ name, count }) => `:${name}: ${count}`).join('  ')]),
  ];
}

export function renderAuthor(workspace: Workspace, message: Message): string {
  if (message.user === 'USLACKBOT') return 'Slackbot';
  const name = workspace.users.get(message.user)?.name ?? message.user;
  return message.bot_id === undefined ? name : `${name} [app]`;
}
