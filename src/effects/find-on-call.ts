import type { Responder } from '../domain/incident-events.ts';
import { coerceError } from '../errors.ts';
import { defineEffect, type EffectContext } from '../incident-contracts.ts';
import type { OnCall } from '../incident-ports.ts';
import { findInSlack } from './messages/find-in-slack.ts';

/**
 * Who is on call, and who of them that is in Slack: by e-mail address only. Whom nobody there is, is named, never guessed; where Slack
 * cannot be asked, that is left to `match-on-call`.
 */
export const effect = defineEffect({
  name: 'find-on-call',
  title: 'who is on call',
  apply: async (context) => {
    const { view, pager, signal } = context;
    const onCall = await pager.onCall(view.state.page?.escalationPolicy, signal);
    return { responders: await Promise.all(onCall.map((person) => matchPerson(context, person))) };
  },
});

async function matchPerson(context: EffectContext, { id: pager, name, level, email }: OnCall): Promise<Responder> {
  const responder = { pager, name, level };
  try {
    const slack = await findInSlack(context, email);
    return { ...responder, ...(slack === undefined ? {} : { slack }) };
  } catch (thrown) {
    if (context.signal.aborted || !coerceError(thrown).code.startsWith('CHAT_')) throw thrown;
    return { ...responder, unmatched: true };
  }
}
