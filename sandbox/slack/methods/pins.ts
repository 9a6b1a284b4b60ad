import { needText } from '../arguments.ts';
import { LIMITS } from '../limits.ts';
import { showMessage } from '../shown.ts';
import { SlackError } from '../slack-error.ts';
import { addNotice, findMessage, unixSeconds } from '../workspace.ts';
import { beMember, enterChannel, needMessage, seeChannel } from './access.ts';
import type { Method } from './method.ts';

export const addPin: Method = ({ workspace }, args) => {
  const channel = enterChannel(workspace, args);
  const { ts } = needMessage(channel, needText(args, 'timestamp'));
  if (channel.pins.some((pin) => pin.ts === ts)) throw new SlackError('already_pinned');
  if (channel.pins.length >= LIMITS.pins) throw new SlackError('too_many_pins');
  const { user } = workspace.bot;
  channel.pins.unshift({ ts, by: user, at: unixSeconds(workspace) });
  addNotice(workspace, channel, user, 'pinned_item', `<@${user}> pinned a message to this channel.`);
  return {};
};

export const removePin: Method = ({ workspace }, args) => {
  const channel = enterChannel(workspace, args);
  const { ts } = needMessage(channel, needText(args, 'timestamp'));
  if (!channel.pins.some((pin) => pin.ts === ts)) throw new SlackError('no_pin');
  channel.pins = channel.pins.filter((pin) => pin.ts !== ts);
  return {};
};

export const listPins: Method = ({ workspace }, args) => {
  const channel = beMember(workspace, seeChannel(workspace, args));
  const items = channel.pins.flatMap(({ ts, by, at }) => {
    const message = findMessage(channel, ts);
    return message === undefined
      ? []
      : [
          {
            type: 'message',
            channel: channel.id,
            created: at,
            created_by: by,
            message: showMessage(channel, message, false),
          },
        ];
  });
  return { items };
};
