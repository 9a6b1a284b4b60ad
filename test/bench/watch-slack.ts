import type { SandboxSlack } from '../../sandbox/slack/start-slack.ts';
import type { Traced } from './trace-calls.ts';

type Args = Parameters<Parameters<SandboxSlack['onCall']>[0]>[0]['args'];

/** What Slack hears and answers from now on; `incident` is known once the room is open. */
export interface SlackWatch {
  /** Those that were answered. */
  calls(): Traced[];
  stop(): void;
}

/** Watches every call from its arrival until its answer. */
export function watchSlack(slack: SandboxSlack): SlackWatch {
  const begun = new Map<Args, number>();
  const calls: Traced[] = [];
  const told = new Set<string>();
  const stop = slack.onCall(({ method, phase, args, answer }) => {
    const now = performance.now();
    if (phase === 'before') return void begun.set(args, now);
    if (answer !== 'ok') return;
    const tells = listTold(slack, method, args).filter((it) => !told.has(it));
    for (const it of tells) told.add(it);
    calls.push({ what: nameCall(method, args), args, tells, beganAt: begun.get(args) ?? now, endedAt: now });
  });
  return { calls: () => [...calls], stop };
}

/** The effect whose message it is, as `incident/<id>/<effect>`, by what marks it in Slack. */
export function markOf(args: Args): string {
  return /incident\/[^"\\]+/.exec(JSON.stringify(args['metadata'] ?? ''))?.[0] ?? '';
}

function nameCall(method: string, args: Args): string {
  const about = markOf(args).split('/')[2] ?? args['users'] ?? args['email'] ?? args['title'] ?? '';
  return `${method} ${String(about)}`.trim();
}

/** What the bot can only know from this answer. */
function listTold(slack: SandboxSlack, method: string, args: Args): string[] {
  switch (method) {
    case 'conversations.create':
      return [slack.channel(String(args['name'])).id];
    case 'conversations.list':
      return [slack.channels.incidents];
    case 'chat.postMessage':
      return slack
        .channel(String(args['channel']))
        .messages()
        .filter(({ metadata }) => JSON.stringify(metadata ?? '').includes(`"${markOf(args)}"`))
        .map(({ ts }) => ts);
    case 'users.lookupByEmail':
      return Object.entries(slack.users).flatMap(([name, id]) =>
        String(args['email']).startsWith(`${name}@`) ? [id] : [],
      );
    default:
      return [];
  }
}
