import { ok, red } from '../../domain/diagnosis.ts';
import type { ChatInspection } from '../../inspection-ports.ts';
import { defineExamination } from '../examination.ts';

const LINE = 'routing slack';

/** Whether whom routes invite and tell is there in Slack. */
export const examination = defineExamination({
  name: LINE,
  about: 'installation',
  examine: async ({ checkRouting, chat, signal }) => {
    const routes = (await checkRouting())?.routing?.routes ?? [];
    const channels = [...new Set(routes.flatMap(({ tell }) => tell))];
    const people = [...new Set(routes.flatMap(({ invite }) => invite))];
    if (chat === undefined || channels.length + people.length === 0) return [];
    const groups = people.some(isGroup) ? await chat.groups(signal) : undefined;
    const lost = await Promise.all([
      ...channels.map((channel) => explainChannel(chat, channel, signal)),
      ...people.map(async (id) => explainState(id, isGroup(id) ? groups?.get(id) : await chat.member(id, signal))),
    ]);
    const found = lost.filter((it) => it !== undefined);
    if (found.length === 0) return [ok(LINE, 'whom the routes invite and tell is there')];
    return [red(LINE, found.join('; '), 'Correct "tell" and "invite" in ROUTING_FILE, or put it right in Slack.')];
  },
});

function isGroup(id: string): boolean {
  return id.startsWith('S');
}

function explainState(id: string, state: string | undefined): string | undefined {
  if (state === 'active') return undefined;
  return `${id} ${state === undefined ? 'does not exist' : `is ${state}`}`;
}

async function explainChannel(chat: ChatInspection, channel: string, signal: AbortSignal): Promise<string | undefined> {
  const found = await chat.channel(channel, signal);
  if (found === undefined) return `the bot sees no channel ${channel}`;
  if (found.archived) return `#${found.name} is archived`;
  return found.member ? undefined : `the bot is not in #${found.name}`;
}
