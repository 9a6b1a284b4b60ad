import { messageOf } from '../domain/incident-room.ts';
import { defineEffect } from '../incident-contracts.ts';

/** Pins the card in the room; pinning twice is pinning once. */
export const effect = defineEffect({
  name: 'pin-card',
  title: 'the pin',
  apply: async ({ view, rooms, signal }) => {
    const card = messageOf(view.state, 'post-card');
    if (card !== undefined) await rooms.pin(card.channel, card.ts, signal);
    return {};
  },
});
