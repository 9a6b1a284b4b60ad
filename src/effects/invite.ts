import { defineEffect } from '../incident-contracts.ts';
import { roomChannel } from './messages/post-message.ts';

/** Calls one person, or everybody in a user group, into the room. Who cannot be called in is named; it keeps nobody else out. */
export const effect = defineEffect({
  name: 'invite',
  title: 'the invitation',
  apply: async ({ view, of, rooms, signal }) => {
    const notes = await rooms.invite(roomChannel(view.state), of, signal);
    return notes.length === 0 ? {} : { notes };
  },
});
