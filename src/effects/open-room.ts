import { isDrError } from '../errors.ts';
import { defineEffect, type EffectContext } from '../incident-contracts.ts';

/** Names that are tried where another's channel has the first one. */
const ENDINGS = ['', '-b', '-c', '-d'];
/** Slack's clock and ours may differ by so much, ms. */
const SKEW_MS = 60_000;

/** The war room, `#incident-<id>`. A channel of that name is taken over only if our own bot made it for this incident. */
export const effect = defineEffect({
  name: 'open-room',
  title: 'the room',
  apply: async (context) => {
    const { view, rooms, signal } = context;
    for (const ending of ENDINGS) {
      const name = nameOf(context, ending);
      try {
        return { name, channel: await rooms.create(name, view.state.opening.private, signal) };
      } catch (thrown) {
        if (!isDrError(thrown, 'CHAT_NAME_TAKEN')) throw thrown;
        const ours = await rooms.find(name, madeSince(context), signal);
        if (ours !== undefined) return { name, channel: ours };
        if (ending === ENDINGS.at(-1)) throw thrown;
      }
    }
    return {};
  },
  find: async (context) => {
    for (const ending of ENDINGS) {
      const name = nameOf(context, ending);
      const channel = await context.rooms.find(name, madeSince(context), context.signal);
      if (channel !== undefined) return { name, channel };
    }
    return undefined;
  },
});

/** At most 80 characters, lower case (https://docs.slack.dev/reference/methods/conversations.create). */
function nameOf({ view }: EffectContext, ending: string): string {
  return `incident-${view.state.opening.incident}${ending}`;
}

function madeSince({ view }: EffectContext): number {
  return view.state.declaredAt - SKEW_MS;
}
