import { defineEffect } from '../incident-contracts.ts';
import { renderTopic } from '../views/incident/room.ts';
import { roomChannel } from './messages/post-message.ts';

/** The room's topic, once for each change of what it says. */
export const effect = defineEffect({
  name: 'set-topic',
  title: 'the topic',
  apply: async ({ view, attempt, rooms, signal }) => {
    await rooms.setTopic(roomChannel(view.state), renderTopic(view.state), signal, attempt === 1);
    return {};
  },
});
