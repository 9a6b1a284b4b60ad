import { type Answer, answerPlain } from './answer.ts';
import { type Arguments, readFlag, readText } from './arguments.ts';
import { type Content, composeMessage, signAsBot } from './compose-message.ts';
import type { JsonObject } from './json.ts';
import { replaceContent } from './methods/chat-edit.ts';
import { putMessage, recordVersion, showOnlyTo } from './record-message.ts';
import { SlackError } from './slack-error.ts';
import type { Channel, Message } from './slack-types.ts';
import { findMessage, makeSecret, type Workspace } from './workspace.ts';

/** What a response URL was given out for. */
export interface ResponseTarget {
  user: string;
  channel: Channel;
  /** The message that was pressed; a command has none. */
  messageTs: string | undefined;
}

export interface ResponseUrls {
  issue(target: ResponseTarget): string;
  /** The answer to a POST on that path; undefined: there is no such URL. */
  respond(path: string, body: Arguments): Answer | undefined;
}

const MOST_USES = 5;
const LIFE_MS = 30 * 60_000;

function removeOriginal(workspace: Workspace, { channel, messageTs }: ResponseTarget): void {
  channel.messages = channel.messages.filter(({ ts }) => ts !== messageTs);
  workspace.ephemerals = workspace.ephemerals.filter(({ message }) => message.ts !== messageTs);
}

function findOriginal(workspace: Workspace, { channel, messageTs }: ResponseTarget): Message | undefined {
  if (messageTs === undefined) return undefined;
  const shown = workspace.ephemerals.find(({ message }) => message.ts === messageTs);
  return findMessage(channel, messageTs) ?? shown?.message;
}

function say(ws: Workspace, target: ResponseTarget, body: Arguments, content: Content, draft: JsonObject): void {
  const { channel, user } = target;
  const thread = readText(body, 'thread_ts');
  const message = { ...signAsBot(ws, content), ...(thread === undefined ? {} : { thread_ts: thread }) };
  if (body['response_type'] === 'in_channel') putMessage(ws, channel, message, draft, 'response_url');
  else showOnlyTo(ws, { channel: channel.id, to: user, message, how: 'response_url' }, draft);
}

function act(workspace: Workspace, target: ResponseTarget, body: Arguments): void {
  if (readFlag(body, 'delete_original')) {
    removeOriginal(workspace, target);
    return;
  }
  const { content, draft } = composeMessage(body);
  const original = readFlag(body, 'replace_original') ? findOriginal(workspace, target) : undefined;
  if (original === undefined) {
    say(workspace, target, body, content, draft);
    return;
  }
  replaceContent(workspace, original, content);
  recordVersion(workspace, target.channel.id, original, draft, 'response_url');
}

/** The short-lived URLs that come with commands and buttons: five answers within half an hour. */
export function createResponseUrls(workspace: Workspace, origin: () => string): ResponseUrls {
  const issued = new Map<string, { target: ResponseTarget; uses: number; at: number }>();
  return {
    issue(target) {
      const kind = target.messageTs === undefined ? 'commands' : 'actions';
      const path = `/${kind}/${workspace.team.id}/${issued.size + 1}/${makeSecret()}`;
      issued.set(path, { target, uses: 0, at: workspace.now() });
      return `${origin()}${path}`;
    },
    respond(path, body) {
      const known = issued.get(path);
      if (known === undefined) return undefined;
      if (workspace.now() - known.at > LIFE_MS) return answerPlain(404, 'expired_url');
      if (known.uses >= MOST_USES) return answerPlain(404, 'used_url');
      try {
        act(workspace, known.target, body);
      } catch (error) {
        if (!(error instanceof SlackError)) throw error;
        workspace.violations.push(`response_url: ${error.code}`);
        return answerPlain(400, error.code);
      }
      known.uses += 1;
      return answerPlain(200, 'ok');
    },
  };
}
