import type { EffectContext } from '../../incident-contracts.ts';

/** By e-mail address only; undefined: nobody there has it, or there is no Slack. */
export async function findInSlack(
  { rooms, settings, signal }: EffectContext,
  email: string | undefined,
): Promise<string | undefined> {
  return email === undefined || !settings.chat ? undefined : rooms.memberOf(email, signal);
}
