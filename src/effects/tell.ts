import { defineEffect } from '../incident-contracts.ts';
import { findMessage, postMessage } from './messages/post-message.ts';

/** The same for those who need not act: a stakeholders' channel. */
export const effect = defineEffect({
  name: 'tell',
  title: 'the word to the stakeholders',
  edited: true,
  apply: (context) => postMessage(context, context.of),
  find: (context) => findMessage(context, context.of),
});
