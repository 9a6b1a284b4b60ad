import { listLoudPlaces } from '../domain/incident-room.ts';
import { defineEffect } from '../incident-contracts.ts';
import { findMessage, postMessage } from './messages/post-message.ts';

/** PagerDuty cannot be reached by any way: everybody who is there is called, in the room or, until it is open, in the incidents channel. */
export const effect = defineEffect({
  name: 'page-aloud',
  title: 'the call to everybody',
  edited: true,
  apply: (context) => postMessage(context, listLoudPlaces(context.view.state, context.settings)[0] ?? ''),
  // An earlier attempt may have gone to the incidents channel, before the room was open.
  find: async (context) => {
    for (const channel of listLoudPlaces(context.view.state, context.settings)) {
      const found = await findMessage(context, channel);
      if (found !== undefined) return found;
    }
    return undefined;
  },
});
