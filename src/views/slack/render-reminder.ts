import type { ChatMessage } from '../../domain/chat-message.ts';
import type { PostContext } from '../../domain/post-context.ts';
import { composeMessage } from './compose-message.ts';
import { link, mentionApprovers } from './markup.ts';
import { expiryOf, isWaiting, nameRun, sayDecision, sayGlass } from './say-run.ts';

/** Mentions those again who may approve: the plan is about to expire. */
export function renderReminder({ state, approvers, cardLink }: PostContext): ChatMessage {
  const { run } = state.request;
  if (!isWaiting(state)) {
    // It was decided while this was on its way.
    return composeMessage(run, { sections: [[`${nameRun(state)}. ${sayDecision(state) ?? 'It waits no longer.'}`]] });
  }
  const who = mentionApprovers(approvers).join(' ');
  const ask = `${nameRun(state)} still waits for approval, expires ${expiryOf(state)}.`;
  return composeMessage(run, {
    sections: [
      [
        [...(who === '' ? [] : [who]), ask, `${link(cardLink, 'Read the plan and approve or reject it')}.`].join(' '),
        sayGlass(state, approvers.breakGlass),
      ],
    ],
  });
}
