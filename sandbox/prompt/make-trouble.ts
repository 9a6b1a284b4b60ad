import type { Sandbox } from '../start-sandbox.ts';

export const TROUBLE_HELP =
  'To make trouble:        /delete <namespace>   /pods <namespace>   /api down|up   /slack down|up   /kill bot   /start bot';

/** What breaks, or is looked at, behind everybody's back; what to say of it, or undefined where it is nothing of this. */
export async function makeTrouble(
  sandbox: Sandbox,
  [verb, what]: readonly [verb: string, what: string],
): Promise<string | undefined> {
  const { store, api } = sandbox.cluster;
  if (verb === 'delete') {
    const removed = store.remove('namespaces', undefined, what);
    return removed === undefined ? `There is no namespace ${what}.` : `Namespace ${what} is Terminating.`;
  }
  if (verb === 'pods') {
    const pods = store.list('pods', what).map(({ metadata }) => metadata.name);
    return pods.join('\n') || `There are no pods in ${what || 'no namespace'}.`;
  }
  if (verb === 'kill' || verb === 'start') return what === 'bot' ? turnBot(sandbox, verb) : `Type /${verb} bot.`;
  if (verb !== 'api' && verb !== 'slack') return undefined;
  if (what !== 'down' && what !== 'up') return `Type /${verb} down or /${verb} up.`;
  await (verb === 'api' ? api.faults[what]() : sandbox.slack?.faults[what]());
  return `${verb === 'api' ? "The cluster's API" : 'Slack'} is ${what}.`;
}

async function turnBot({ killBot, startBot, awaitBot }: Sandbox, verb: 'kill' | 'start'): Promise<string> {
  const runs = await awaitBot(500);
  if (verb === 'kill') {
    await killBot();
    return runs ? 'The bot was killed (kill -9). /start bot starts it again.' : 'The bot did not answer; it is killed.';
  }
  if (runs) return 'The bot runs already.';
  startBot();
  return (await awaitBot()) ? 'The bot runs again.' : 'The bot does not answer yet; its log is above.';
}
