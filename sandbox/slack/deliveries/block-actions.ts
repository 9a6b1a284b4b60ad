import { type JsonObject, objectsIn } from '../json.ts';
import type { Pressable } from '../pressable.ts';
import type { Channel, Message, User } from '../slack-types.ts';
import type { Workspace } from '../workspace.ts';
import type { Desk } from './send-command.ts';

export function showActor(workspace: Workspace, user: User): JsonObject {
  return { id: user.id, username: user.name, name: user.name, team_id: workspace.team.id };
}

export function showTeam({ team }: Workspace): JsonObject {
  return { id: team.id, domain: team.domain };
}

export function showPlace(channel: Channel): JsonObject {
  const names = { public: channel.name, private: 'privategroup', im: 'directmessage', mpim: 'mpdm' };
  return { id: channel.id, name: names[channel.kind] };
}

function chosenOption(element: JsonObject, choice: string): JsonObject {
  const grouped = objectsIn(element['option_groups']).flatMap((group) => objectsIn(group['options']));
  const found = [...objectsIn(element['options']), ...grouped].find(({ value }) => value === choice);
  if (found === undefined) throw new Error(`there is nothing to choose with the value ${choice}`);
  return found;
}

/** What a menu adds to its action for what was chosen. */
function selection(element: JsonObject, choice: string | undefined): JsonObject {
  const { type } = element;
  if (type === 'button' || typeof type !== 'string') return {};
  if (choice === undefined) throw new Error(`${type}: say what to choose`);
  if (type === 'users_select') return { selected_user: choice };
  if (type === 'conversations_select') return { selected_conversation: choice };
  if (type === 'channels_select') return { selected_channel: choice };
  if (type === 'datepicker') return { selected_date: choice };
  if (type === 'checkboxes') return { selected_options: choice.split(',').map((each) => chosenOption(element, each)) };
  return { selected_option: chosenOption(element, choice) };
}

const CARRIED = ['type', 'action_id', 'text', 'value', 'style', 'url', 'confirm'];

/** The action as it is in the payload: the element, with where it is and when it was pressed. */
export function showAction(workspace: Workspace, pressed: Pressable, choice: string | undefined): JsonObject {
  const { element, blockId } = pressed;
  const carried = Object.fromEntries(
    CARRIED.flatMap((key) => (element[key] === undefined ? [] : [[key, element[key]]])),
  );
  return { ...carried, block_id: blockId, ...selection(element, choice), action_ts: workspace.nextTs() };
}

/** A `block_actions` payload, complete; `ephemeral`: Slack sends no message with it then. */
export function buildBlockActions(
  desk: Desk,
  pressed: { user: User; channel: Channel; message: Message; ephemeral: boolean; actions: JsonObject[] },
): JsonObject {
  const { workspace } = desk;
  const { user, channel, message, ephemeral, actions } = pressed;
  const { broadcast: _broadcast, metadata: _metadata, ...shown } = message;
  const container = {
    type: 'message',
    message_ts: message.ts,
    channel_id: channel.id,
    is_ephemeral: ephemeral,
    ...(message.thread_ts === undefined ? {} : { thread_ts: message.thread_ts }),
  };
  return {
    type: 'block_actions',
    user: showActor(workspace, user),
    api_app_id: workspace.appId,
    token: desk.verificationToken,
    container,
    trigger_id: desk.triggers.issue(user.id),
    team: showTeam(workspace),
    enterprise: null,
    is_enterprise_install: false,
    channel: showPlace(channel),
    ...(ephemeral ? {} : { message: JSON.parse(JSON.stringify(shown)) as JsonObject }),
    state: { values: stateOf(actions) },
    response_url: desk.responseUrls.issue({ user: user.id, channel, messageTs: message.ts }),
    actions,
  };
}

/** Menus keep their choice in the message's state; buttons have none. */
function stateOf(actions: JsonObject[]): JsonObject {
  return Object.fromEntries(
    actions
      .filter(({ type }) => type !== 'button')
      .map((action) => {
        const { block_id, action_id, action_ts: _at, ...rest } = action;
        return [String(block_id), { [String(action_id)]: rest }];
      }),
  );
}

export function triggerIn(payload: JsonObject): string | undefined {
  const id = payload['trigger_id'];
  return typeof id === 'string' ? id : undefined;
}
