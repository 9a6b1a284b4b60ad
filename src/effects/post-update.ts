import { defineEffect } from '../incident-contracts.ts';
import { findMessage, postMessage, roomChannel } from './messages/post-message.ts';

/** A status update that somebody posted, as everybody reads it. */
export const effect = defineEffect({
  name: 'post-update',
  title: 'the status update',
  apply: (context) => postMessage(context, roomChannel(context.view.state)),
  find: (context) => findMessage(context, roomChannel(context.view.state)),
});
