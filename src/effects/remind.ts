import { defineEffect } from '../incident-contracts.ts';
import { findMessage, postMessage, roomChannel } from './messages/post-message.ts';

/** Asks for a status update that is due, with a draft made from facts. */
export const effect = defineEffect({
  name: 'remind',
  title: 'the reminder',
  edited: true,
  apply: (context) => postMessage(context, roomChannel(context.view.state)),
  find: (context) => findMessage(context, roomChannel(context.view.state)),
});
