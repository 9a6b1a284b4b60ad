import type { SandboxSlack } from '../../sandbox/slack/start-slack.ts';
import { kindOfPost } from '../../src/domain/posts.ts';
import { type CallWatch, watchCalls } from './call-watch.ts';

type CallArguments = Parameters<Parameters<SandboxSlack['onCall']>[0]>[0]['args'];

const EFFECT = /^(chat\.(postMessage|update)|files\..*|upload)$/;
/** How the bot finds out whether a message, or a file below it, is there. */
const LOOK = /^conversations\.(history|replies)$/;

/** The calls about runs' messages, as `chat.postMessage card` or `chat.update card succeeded`. */
export function watchSlack(slack: SandboxSlack): CallWatch {
  const watch = watchCalls();
  slack.onCall(({ method, phase, args }) =>
    watch.see({
      ...{ phase, id: args },
      what: EFFECT.test(method) ? nameCall(slack, method, args) : undefined,
      isLookFor: () => LOOK.test(method),
    }),
  );
  return watch;
}

/** A message's name in the ledger, `card` or `plan-1769828645000`, by what marks it in Slack: `<run>/<name>`. */
export function keyOfMessage(metadata: unknown): { run: string; key: string } | undefined {
  const held: unknown = typeof metadata === 'string' ? JSON.parse(metadata) : metadata;
  const { event_type: type, event_payload: payload } = (held ?? {}) as {
    event_type?: string;
    event_payload?: { key?: string };
  };
  const [run, key] = payload?.key?.split('/') ?? [];
  return type === 'muster_post' && run !== undefined && key !== undefined ? { run, key } : undefined;
}

function nameCall(slack: SandboxSlack, method: string, args: CallArguments): string {
  if (method === 'chat.postMessage') return `${method} ${kindOf(args['metadata'])}`;
  if (method !== 'chat.update') return method;
  const edited = slack.channel(String(args['channel'])).messages();
  const kind = kindOf(edited.find(({ ts }) => ts === args['ts'])?.metadata);
  const stand = kind === 'card' ? /, run \w+: \*([a-z ]+)\*/.exec(String(args['text']))?.[1] : undefined;
  return [method, kind, ...(stand === undefined ? [] : [stand])].join(' ');
}

function kindOf(metadata: unknown): string {
  return kindOfPost(keyOfMessage(metadata)?.key ?? 'unmarked');
}
