import type { SandboxSlack } from '../../sandbox/slack/start-slack.ts';
import { kindOfPost } from '../../src/domain/posts.ts';

/** A caller's death at a call; `lands late`: Slack takes the call only when the next process looks what became of it, or calls again. */
export interface CallKill {
  what: string;
  /** The how manieth call of that name, the first is 1. */
  n: number;
  phase: 'before' | 'after' | 'lands late';
  die(): void;
}

/** The calls to Slack that have an effect, as `chat.postMessage card` or `chat.update card succeeded`. */
export interface CallWatch {
  /** Begins to count anew. */
  arm(kill: CallKill): void;
  names(): string[];
}

type CallArguments = Parameters<Parameters<SandboxSlack['onCall']>[0]>[0]['args'];

const EFFECT = /^(chat\.(postMessage|update)|files\..*|upload)$/;
/** How the bot finds out whether a message, or a file below it, is there. */
const LOOK = /^conversations\.(history|replies)$/;

export function watchCalls(slack: SandboxSlack): CallWatch {
  const names: string[] = [];
  let armed: (CallKill & { seen: number }) | undefined;
  let deadly: CallArguments | undefined;
  const looked = Promise.withResolvers<void>();
  const landed = Promise.withResolvers<void>();
  let inFlight = false;

  async function land(): Promise<void> {
    looked.resolve();
    await landed.promise;
  }

  async function arrive(method: string, args: CallArguments): Promise<void> {
    const what = nameCall(slack, method, args);
    names.push(what);
    if (inFlight && armed?.what === what) await land();
    if (armed?.what !== what) return;
    armed.seen += 1;
    if (armed.seen !== armed.n) return;
    deadly = args;
    if (armed.phase === 'after') return;
    armed.die();
    if (armed.phase === 'before') slack.faults.add({ kind: 'reset', match: { method }, times: 1 });
    else {
      inFlight = true;
      await looked.promise;
    }
  }

  function take(args: CallArguments): void {
    if (args !== deadly) return;
    if (armed?.phase === 'after') armed.die();
    landed.resolve();
  }

  slack.onCall(async ({ method, phase, args }) => {
    if (inFlight && LOOK.test(method) && phase === 'before') await land();
    if (!EFFECT.test(method)) return;
    if (phase === 'before') await arrive(method, args);
    else take(args);
  });
  return {
    arm: (kill) => {
      armed = { ...kill, seen: 0 };
    },
    names: () => [...names],
  };
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
