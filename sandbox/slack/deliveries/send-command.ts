import { composeMessage, signAsBot } from '../compose-message.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import { findOwnChannel, findUser } from '../names.ts';
import { putMessage, showOnlyTo } from '../record-message.ts';
import type { ResponseUrls } from '../response-urls.ts';
import { SlackError } from '../slack-error.ts';
import type { Channel, User } from '../slack-types.ts';
import type { Triggers } from '../triggers.ts';
import type { Workspace } from '../workspace.ts';
import { type Courier, type Delivery, formOf } from './courier.ts';
import { showTrouble } from './show-trouble.ts';

export interface Desk {
  workspace: Workspace;
  triggers: Triggers;
  responseUrls: ResponseUrls;
  courier: Courier;
  /** Sent as `token`, which is long obsolete. */
  verificationToken: string;
  /** Whether `@name` and `#name` in a command's text arrive as entities with ids. */
  escapeCommands: boolean;
}

export interface CommandUse {
  user: string;
  channel: string;
  /** `/dr` */
  command: string;
  text: string;
}

/** As Slack does for an app with "escape channels, users and links" on. */
function escapeNames(workspace: Workspace, text: string): string {
  return text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/(^|\s)(https?:\/\/\S+)/g, '$1<$2>')
    .replace(/(^|\s)@([a-z0-9._-]+)/g, (whole, before: string, name: string) => {
      const user = [...workspace.users.values()].find((each) => each.name === name);
      const group = [...workspace.groups.values()].find((each) => each.handle === name);
      if (user !== undefined) return `${before}<@${user.id}|${name}>`;
      return group === undefined ? whole : `${before}<!subteam^${group.id}|@${name}>`;
    })
    .replace(/(^|\s)#([\p{Ll}\p{N}_-]+)/gu, (whole, before: string, name: string) => {
      const channel = [...workspace.channels.values()].find((each) => each.name === name);
      return channel === undefined ? whole : `${before}<#${channel.id}|${name}>`;
    });
}

const CHANNEL_NAMES = { private: 'privategroup', im: 'directmessage', mpim: 'mpdm' } as const;

function fieldsOf(
  desk: Desk,
  user: User,
  channel: Channel,
  use: CommandUse,
  triggerId: string,
): Record<string, string> {
  const { workspace } = desk;
  return {
    token: desk.verificationToken,
    team_id: workspace.team.id,
    team_domain: workspace.team.domain,
    channel_id: channel.id,
    channel_name: channel.kind === 'public' ? channel.name : CHANNEL_NAMES[channel.kind],
    user_id: user.id,
    user_name: user.name,
    command: use.command,
    text: desk.escapeCommands ? escapeNames(workspace, use.text) : use.text,
    api_app_id: workspace.appId,
    is_enterprise_install: 'false',
    response_url: desk.responseUrls.issue({ user: user.id, channel, messageTs: undefined }),
    trigger_id: triggerId,
  };
}

function showAck(workspace: Workspace, user: User, channel: Channel, use: CommandUse, ack: JsonObject): void {
  const { content, draft } = composeMessage(ack);
  if (ack['response_type'] !== 'in_channel') {
    const message = signAsBot(workspace, content);
    showOnlyTo(workspace, { channel: channel.id, to: user.id, message, how: 'ack' }, draft);
    return;
  }
  const typed = { type: 'message' as const, ts: workspace.nextTs(), user: user.id, team: workspace.team.id };
  channel.messages.push({ ...typed, text: `${use.command} ${use.text}`.trim() });
  putMessage(workspace, channel, signAsBot(workspace, content), draft, 'ack');
}

function readAck(body: Json): JsonObject | undefined {
  if (isObject(body)) return Object.keys(body).length === 0 ? undefined : body;
  return typeof body === 'string' && body.trim() !== '' ? { text: body } : undefined;
}

/** A person types a slash command; whatever the app acknowledges with is shown to them. */
export async function sendCommand(desk: Desk, use: CommandUse): Promise<Delivery> {
  const { workspace } = desk;
  const user = findUser(workspace, use.user);
  const channel = findOwnChannel(workspace, user, use.channel);
  const triggerId = desk.triggers.issue(user.id);
  const parcel = { kind: 'command' as const, triggerId, ...formOf(fieldsOf(desk, user, channel, use, triggerId)) };
  const delivery = await desk.courier.send(parcel);
  const fail = (error: string) =>
    showTrouble(workspace, channel, user, `${use.command} failed with the error "${error}"`);
  if (delivery.error !== undefined) fail(delivery.error);
  const ack = delivery.error === undefined ? readAck(delivery.body) : undefined;
  try {
    if (ack !== undefined) showAck(workspace, user, channel, use, ack);
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    workspace.violations.push(`ack of ${use.command}: ${error.code}`);
    fail('invalid_command_response');
  }
  return delivery;
}
