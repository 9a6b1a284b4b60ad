import { defineEffect } from '../incident-contracts.ts';
import { renderBookmark } from '../views/incident/room.ts';
import { roomChannel } from './messages/post-message.ts';

/** Links at the head of the room: PagerDuty's incident, and where the alert is explained. */
export const effect = defineEffect({
  name: 'add-bookmark',
  title: 'the bookmark',
  apply: async ({ view, of, attempt, rooms, signal }) => {
    const bookmark = renderBookmark(view.state, of);
    if (bookmark !== undefined) await rooms.addBookmark(roomChannel(view.state), bookmark, signal, attempt === 1);
    return {};
  },
});
