import { defineEffect } from '../incident-contracts.ts';
import { findMessage, postMessage, roomChannel } from './messages/post-message.ts';

/** The one truth about the incident, in its room; edited in place. */
export const effect = defineEffect({
  name: 'post-card',
  title: 'the card',
  edited: true,
  apply: (context) => postMessage(context, roomChannel(context.view.state)),
  find: (context) => findMessage(context, roomChannel(context.view.state)),
});
