import type { JsonObject } from '../json.ts';
import { findOwnChannel, findUser } from '../names.ts';
import { findMessage } from '../workspace.ts';
import { showActor, showPlace, showTeam } from './block-actions.ts';
import type { Delivery } from './courier.ts';
import { sendPayload } from './press.ts';
import type { Desk } from './send-command.ts';
import { showTrouble } from './show-trouble.ts';

export interface ShortcutUse {
  user: string;
  callbackId: string;
  /** With a message: its shortcut. Without: a global one. */
  on?: { channel: string; ts: string };
}

/** A person picks one of the app's shortcuts, from a message's menu or from anywhere. */
export async function sendShortcut(desk: Desk, { user: name, callbackId, on }: ShortcutUse): Promise<Delivery> {
  const { workspace } = desk;
  const user = findUser(workspace, name);
  const base = {
    user: showActor(workspace, user),
    team: showTeam(workspace),
    api_app_id: workspace.appId,
    token: desk.verificationToken,
    trigger_id: desk.triggers.issue(user.id),
    callback_id: callbackId,
    action_ts: workspace.nextTs(),
    is_enterprise_install: false,
    enterprise: null,
  };
  if (on === undefined) return sendPayload(desk, { type: 'shortcut', ...base });
  const channel = findOwnChannel(workspace, user, on.channel);
  const message = findMessage(channel, on.ts);
  if (message === undefined) throw new Error(`there is no message ${on.ts} in ${on.channel}`);
  const delivery = await sendPayload(desk, {
    type: 'message_action',
    ...base,
    channel: showPlace(channel),
    message_ts: message.ts,
    message: JSON.parse(JSON.stringify(message)) as JsonObject,
    response_url: desk.responseUrls.issue({ user: user.id, channel, messageTs: message.ts }),
  });
  if (delivery.error !== undefined)
    showTrouble(workspace, channel, user, `"${callbackId}" failed with the error "${delivery.error}"`);
  return delivery;
}
