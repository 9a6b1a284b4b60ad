import { defineEffect } from '../incident-contracts.ts';
import { renderPurpose } from '../views/incident/room.ts';
import { roomChannel } from './messages/post-message.ts';

export const effect = defineEffect({
  name: 'set-purpose',
  title: 'the purpose',
  apply: async ({ view, attempt, rooms, signal }) => {
    await rooms.setPurpose(roomChannel(view.state), renderPurpose(view.state), signal, attempt === 1);
    return {};
  },
});
