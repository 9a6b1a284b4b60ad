import type { ChatMessage } from '../../domain/chat-message.ts';
import type { PostContext } from '../../domain/post-context.ts';
import { composeMessage } from './compose-message.ts';
import { code, link } from './markup.ts';
import { nameRun } from './say-run.ts';

/** Tells the requester directly where the run can be followed: Muster is not let in where it was asked for. */
export function renderElsewhere({ state, cardLink }: PostContext): ChatMessage {
  const { run, command } = state.request;
  return composeMessage(run, {
    sections: [
      [
        `Muster could not post where you typed ${code(`/dr ${command}`)}.`,
        `${nameRun(state)} goes on all the same. Follow it: ${link(cardLink, 'its card')}, or type ${code(`/dr status ${run}`)}.`,
        `To have it there next time, invite the bot in that channel: ${code('/invite @Muster')}`,
      ],
    ],
  });
}
