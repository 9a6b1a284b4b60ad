import type { ChatMessage } from '../../domain/chat-message.ts';
import type { PostContext } from '../../domain/post-context.ts';
import { renderApproved } from '../run.ts';
import { composeMessage } from './compose-message.ts';
import { escapeSentence, link, mention, mentionApprovers, strong } from './markup.ts';
import { nameRun } from './say-run.ts';

/** Says loudly that a run went on without a second person: who did it, when and why. */
export function renderGlass({ state, approvers, cardLink }: PostContext): ChatMessage {
  const { request, approval } = state;
  const people = [...new Set([...mention(request.by), ...mentionApprovers(approvers)])].join(' ');
  const digest = approval === undefined ? '' : `, plan ${approval.digest.slice(0, 8)}`;
  const said =
    approval === undefined
      ? 'The glass was broken for a plan that is void by now.'
      : escapeSentence(renderApproved(state));
  return composeMessage(request.run, {
    loud: `BREAK-GLASS: run ${request.run} was approved without a second person`,
    sections: [
      [
        strong(said),
        `${nameRun(state)}${escapeSentence(digest)}. ${link(cardLink, 'See the card')}.`,
        `${people === '' ? '' : `${people} `}Not in order? Abort it on the card, or type \`/dr abort ${escapeSentence(request.run)}\`.`,
      ],
    ],
  });
}
