import type { Responder } from '../domain/incident-events.ts';
import { defineEffect, type EffectContext } from '../incident-contracts.ts';
import type { OnCall } from '../incident-ports.ts';

/** Who is on call, and who of them that is in Slack: by e-mail address only. Whom nobody there is, is named, never guessed. */
export const effect = defineEffect({
  name: 'find-on-call',
  title: 'who is on call',
  apply: async (context) => {
    const { view, pager, signal } = context;
    const onCall = await pager.onCall(view.state.page?.escalationPolicy, signal);
    return { responders: await Promise.all(onCall.map((person) => matchPerson(context, person))) };
  },
});

async function matchPerson(
  { rooms, settings, signal }: EffectContext,
  { id: pager, name, level, email }: OnCall,
): Promise<Responder> {
  const slack = email === undefined || !settings.chat ? undefined : await rooms.memberOf(email, signal);
  return { pager, name, level, ...(slack === undefined ? {} : { slack }) };
}
