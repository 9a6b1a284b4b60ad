import { listLoudPlaces } from '../domain/incident-room.ts';
import { isDrError } from '../errors.ts';
import { defineEffect } from '../incident-contracts.ts';
import { findMessage, postMessage } from './messages/post-message.ts';

/** PagerDuty cannot be reached by any way: everybody is called, where people are. Where a channel takes no message from us, in the next. */
export const effect = defineEffect({
  name: 'page-aloud',
  title: 'the call to everybody',
  edited: true,
  apply: async (context) => {
    const places = listLoudPlaces(context.view.state, context.settings);
    for (const place of places.slice(0, -1)) {
      try {
        return await postMessage(context, place);
      } catch (thrown) {
        if (!isDrError(thrown, 'CHAT_REFUSED')) throw thrown;
      }
    }
    return postMessage(context, places.at(-1) ?? '');
  },
  // An earlier attempt may have gone to another of them.
  find: async (context) => {
    for (const channel of listLoudPlaces(context.view.state, context.settings)) {
      const found = await findMessage(context, channel);
      if (found !== undefined) return found;
    }
    return undefined;
  },
});
