import { z } from 'zod';

/** Who acts: the OS account of a terminal process, or a Slack user. Never guessed. */
export const Actor = z.discriminatedUnion('kind', [
  z.looseObject({ kind: z.literal('terminal'), account: z.string(), uid: z.number() }),
  z.looseObject({ kind: z.literal('slack'), user: z.string(), groups: z.array(z.string()).optional() }),
]);
export type Actor = z.infer<typeof Actor>;

/** As people read it: `alice (terminal)`, `<@U0123ABCD>`. */
export function renderActor(actor: Actor): string {
  return actor.kind === 'terminal' ? `${actor.account} (terminal)` : `<@${actor.user}>`;
}
