import { needText } from '../arguments.ts';
import { SlackError } from '../slack-error.ts';
import type { Message } from '../slack-types.ts';
import { enterChannel, needMessage } from './access.ts';
import type { Method } from './method.ts';

/** Adds it, unless this person already has. */
export function react(message: Message, user: string, name: string): void {
  const reactions = message.reactions ?? [];
  const known = reactions.find((reaction) => reaction.name === name);
  if (known?.users.includes(user)) throw new SlackError('already_reacted');
  if (known === undefined) reactions.push({ name, users: [user], count: 1 });
  else {
    known.users.push(user);
    known.count = known.users.length;
  }
  message.reactions = reactions;
}

/** Takes away what this person added. */
export function unreact(message: Message, user: string, name: string): void {
  const known = message.reactions?.find((reaction) => reaction.name === name);
  if (known?.users.includes(user) !== true) throw new SlackError('no_reaction');
  known.users = known.users.filter((each) => each !== user);
  known.count = known.users.length;
  message.reactions = (message.reactions ?? []).filter(({ count }) => count > 0);
  if (message.reactions.length === 0) delete message.reactions;
}

export const addReaction: Method = ({ workspace }, args) => {
  const channel = enterChannel(workspace, args);
  const name = needText(args, 'name');
  if (!/^[a-z0-9_+'-]+(::skin-tone-[2-6])?$/.test(name)) throw new SlackError('invalid_name');
  react(needMessage(channel, needText(args, 'timestamp')), workspace.bot.user, name);
  return {};
};
