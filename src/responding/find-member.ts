import type { CommandContext } from '../contracts.ts';
import { DrError } from '../errors.ts';

const MEMBER = /^(?:<@)?([UW][A-Z0-9]{2,})(?:\|[^<>]*)?>?$/;

type Asking = Pick<CommandContext, 'actor' | 'policy' | 'incidents' | 'signal'>;

/**
 * Slack's id of who is meant: `me`, a mention, an id, a name under `people` of the policy, or an e-mail address where Slack is at hand.
 * @throws DrError COMMAND_INVALID where it is nobody that can be told
 */
export async function memberOf(context: Asking, who: string): Promise<string> {
  if (who === 'me') return ownId(context);
  const id = MEMBER.exec(who)?.[1];
  if (id !== undefined) return id;
  const people = new Map(Object.entries(context.policy?.people ?? {}));
  const person = people.get(who.replace(/^@/, ''));
  if (person !== undefined) return person.slack;
  const rooms = context.incidents.rooms();
  const found = who.includes('@', 1) && rooms !== undefined ? await rooms.memberOf(who, context.signal) : undefined;
  if (found !== undefined) return found;
  throw invalid(
    'Nobody in Slack can be told by that.',
    'Say me, a mention (@somebody, in Slack), their member id such as U0123ABCD, or a name under people in the policy.',
  );
}

function ownId({ actor, policy }: Asking): string {
  if (actor.kind === 'slack') return actor.user;
  const me = Object.values(policy?.people ?? {}).find(({ terminal }) => terminal === actor.account);
  if (me !== undefined) return me.slack;
  throw invalid(
    `The policy does not say who ${actor.account} is in Slack.`,
    'Give your Slack member id instead of "me", or add yourself under people in POLICY_FILE.',
  );
}

function invalid(message: string, action: string): DrError {
  return new DrError({ code: 'COMMAND_INVALID', message, action });
}
