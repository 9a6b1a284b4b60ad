import { type Arguments, readFlag, readJson, readText } from './arguments.ts';
import { refuseMessage } from './blocks/check-message.ts';
import { isObject, type JsonObject, objectsIn } from './json.ts';
import { refuseWith } from './slack-error.ts';
import type { Message } from './slack-types.ts';
import { makeSecret, type Workspace } from './workspace.ts';

/** What an app says in a message, as Slack stores it. */
export type Content = Pick<Message, 'text' | 'blocks' | 'attachments' | 'metadata' | 'unfurl_links' | 'unfurl_media'>;

const MESSAGE_PARTS = ['text', 'blocks', 'attachments', 'metadata'] as const;

/** The parts of it that are a message, decoded: what `validateMessage` looks at. */
export function draftOf(args: Arguments): JsonObject {
  return Object.fromEntries(
    MESSAGE_PARTS.flatMap((part) => {
      const value = part === 'text' ? args[part] : readJson(args, part, `invalid_${part}_format`);
      return value === undefined || value === null ? [] : [[part, value]];
    }),
  );
}

/** Slack escapes what would otherwise be the start of an entity. */
export const escapeText = (text: string): string => text.replace(/&(?!(amp|lt|gt);)/g, '&amp;');

/** Slack names what the app left unnamed: blocks, and what can be pressed in them. */
function nameBlocks(blocks: JsonObject[]): JsonObject[] {
  return blocks.map((block) => ({ ...nameActions(block), block_id: block['block_id'] ?? makeSecret().slice(0, 5) }));
}

function nameActions(block: JsonObject): JsonObject {
  const name = (element: JsonObject): JsonObject =>
    typeof element['type'] === 'string' && !['image', 'plain_text', 'mrkdwn'].includes(element['type'])
      ? { ...element, action_id: element['action_id'] ?? makeSecret().slice(0, 5) }
      : element;
  const { accessory, elements, element, type } = block;
  return {
    ...block,
    ...(isObject(accessory) ? { accessory: name(accessory) } : {}),
    ...(isObject(element) ? { element: name(element) } : {}),
    ...(type === 'actions' ? { elements: objectsIn(elements).map(name) } : {}),
  };
}

/** Checks it as strictly as Slack does, or throws; `files`: it comes with some, so it may say nothing. */
export function composeMessage(args: Arguments, files = false): { content: Content; draft: JsonObject } {
  const draft = draftOf(args);
  const [refused] = refuseMessage(draft, files);
  if (refused !== undefined) throw refuseWith(refused.error, refused.messages);
  const { metadata } = draft;
  const blocks = objectsIn(draft['blocks']);
  const attachments = objectsIn(draft['attachments']).map((attachment, index) => ({
    id: index + 1,
    ...attachment,
    ...(attachment['blocks'] === undefined ? {} : { blocks: nameBlocks(objectsIn(attachment['blocks'])) }),
  }));
  return {
    draft,
    content: {
      text: escapeText(readText(draft, 'text') ?? ''),
      ...(blocks.length === 0 ? {} : { blocks: nameBlocks(blocks) }),
      ...(attachments.length === 0 ? {} : { attachments }),
      ...(isObject(metadata) && metadata['event_type'] !== undefined ? { metadata } : {}),
      ...(args['unfurl_links'] === undefined ? {} : { unfurl_links: readFlag(args, 'unfurl_links') }),
      ...(args['unfurl_media'] === undefined ? {} : { unfurl_media: readFlag(args, 'unfurl_media') }),
    },
  };
}

/** A message of the bot; what Slack adds to it. */
export function signAsBot(workspace: Workspace, content: Content, ts = workspace.nextTs()): Message {
  const { bot, appId, team } = workspace;
  return { type: 'message', ts, user: bot.user, bot_id: bot.id, app_id: appId, team: team.id, ...content };
}
