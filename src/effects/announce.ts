import { defineEffect } from '../incident-contracts.ts';
import { findMessage, postMessage } from './messages/post-message.ts';

/** One line in the incidents channel, edited in place; it does not wait for the room. */
export const effect = defineEffect({
  name: 'announce',
  title: 'the announcement',
  edited: true,
  apply: (context) => postMessage(context, context.settings.announceIn ?? ''),
  find: (context) => findMessage(context, context.settings.announceIn ?? ''),
});
