import type { Channel, User } from './slack-types.ts';
import { openDirect, type Workspace } from './workspace.ts';

/** By id, or by name with or without its `@`. */
export function findUser(workspace: Workspace, nameOrId: string): User {
  const name = nameOrId.replace(/^@/, '');
  const found = workspace.users.get(name) ?? [...workspace.users.values()].find((user) => user.name === name);
  if (found === undefined) throw new Error(`there is no user ${nameOrId} in the sandbox's Slack`);
  return found;
}

/** By id, by name with or without its `#`, or `@name`: the direct message between the bot and that person. */
export function findChannel(workspace: Workspace, nameOrId: string): Channel {
  if (nameOrId.startsWith('@'))
    return openDirect(workspace, [workspace.bot.user, findUser(workspace, nameOrId).id]).channel;
  const name = nameOrId.replace(/^#/, '');
  const found = workspace.channels.get(name) ?? [...workspace.channels.values()].find((each) => each.name === name);
  if (found === undefined) throw new Error(`there is no channel ${nameOrId} in the sandbox's Slack`);
  return found;
}

/** A channel that this person is in, or an error in words. */
export function findOwnChannel(workspace: Workspace, user: User, nameOrId: string): Channel {
  const channel = findChannel(workspace, nameOrId);
  if (!channel.members.has(user.id)) throw new Error(`${user.name} is not in ${nameOrId}`);
  return channel;
}
