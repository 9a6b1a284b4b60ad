import { RTO_MS } from '../domain/next-for-incident.ts';
import { defineEffect } from '../incident-contracts.ts';
import { renderTopic } from '../views/slack/incident/render-topic.ts';
import { roomChannel } from './messages/post-message.ts';

/** The room's topic, once for each change of what it says. */
export const effect = defineEffect({
  name: 'set-topic',
  title: 'the topic',
  apply: async ({ view, rooms, clock, signal }) => {
    await rooms.setTopic(roomChannel(view.state), renderTopic(view.state, clock.now(), RTO_MS), signal);
    return {};
  },
});
