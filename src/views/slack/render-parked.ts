import type { ChatMessage } from '../../domain/chat-message.ts';
import type { PostContext } from '../../domain/post-context.ts';
import { abortButton, retryButton } from './buttons.ts';
import { composeMessage } from './compose-message.ts';
import { bold, escapeSentence, link, mention } from './markup.ts';
import { clock, nameRun } from './say-run.ts';

/** Calls the requester: the run waits for a human, and will do so for ever. Once it does not, the buttons go. */
export function renderParked({ state, cardLink, current }: PostContext): ChatMessage {
  const { request, parked, outcome, abort } = state;
  const waits = current && outcome === undefined && abort === undefined;
  if (parked === undefined || !waits) {
    const gone = `${nameRun(state)} was parked and is no more: ${link(cardLink, 'see the card')}.`;
    return composeMessage(request.run, { sections: [[gone]] });
  }
  const who = mention(request.by).join(' ');
  const held =
    state.startedAt === undefined
      ? 'Nothing was started yet.'
      : `It keeps holding ${escapeSentence(request.target.namespace)}.`;
  return composeMessage(request.run, {
    sections: [
      [
        `${who === '' ? '' : `${who} `}${nameRun(state)} is ${bold('PARKED')} since ${clock(parked.at)}. ${held}`,
        bold(parked.error.message),
        `Next: ${escapeSentence(parked.error.action)} ${link(cardLink, 'See the card')}.`,
      ],
    ],
    buttons: [retryButton(state), abortButton(state)],
  });
}
