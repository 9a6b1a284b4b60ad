/** A caller's death at a call; `lands late`: the call is taken only when the next process looks what became of it, or calls again. */
export interface CallKill {
  what: string;
  /** The how manieth call of that name, the first is 1. */
  n: number;
  phase: 'before' | 'after' | 'lands late';
  die(): void;
}

/** The calls to one service that have an effect, by name. */
export interface CallWatch {
  /** Begins to count anew. */
  arm(kill: CallKill): void;
  names(): string[];
}

/** A call as the service tells of it: when it arrives, and once it is done but not yet answered. */
export interface SeenCall {
  phase: 'before' | 'after';
  /** The same object both times. */
  id: object;
  /** undefined: it changes nothing. */
  what: string | undefined;
  /** Whether somebody who does this finds out what became of a call of that name. */
  isLookFor(what: string): boolean;
}

/** What a service is to await at each of its calls. */
export type SeeCall = (call: SeenCall) => Promise<void>;

export function watchCalls(): CallWatch & { see: SeeCall } {
  const names: string[] = [];
  let armed: (CallKill & { seen: number }) | undefined;
  let deadly: object | undefined;
  const looked = Promise.withResolvers<void>();
  const landed = Promise.withResolvers<void>();
  let inFlight = false;

  async function land(): Promise<void> {
    looked.resolve();
    await landed.promise;
  }

  async function arrive(what: string, id: object): Promise<void> {
    names.push(what);
    if (inFlight && armed?.what === what) await land();
    if (armed?.what !== what) return;
    armed.seen += 1;
    if (armed.seen !== armed.n) return;
    deadly = id;
    if (armed.phase === 'after') return;
    armed.die();
    inFlight = armed.phase === 'lands late';
    // Its caller is dead: it never arrived, or is on its way for as long as that.
    await (inFlight ? looked.promise : new Promise(() => undefined));
  }

  return {
    see: async ({ phase, id, what, isLookFor }) => {
      if (inFlight && armed !== undefined && phase === 'before' && isLookFor(armed.what)) await land();
      if (what === undefined) return;
      if (phase === 'before') return arrive(what, id);
      if (id !== deadly) return;
      if (armed?.phase === 'after') armed.die();
      landed.resolve();
    },
    arm: (kill) => {
      armed = { ...kill, seen: 0 };
    },
    names: () => [...names],
  };
}

/** Several services as one. */
export function joinWatches(watches: readonly CallWatch[]): CallWatch {
  return {
    arm: (kill) => {
      for (const watch of watches) watch.arm(kill);
    },
    names: () => watches.flatMap((watch) => watch.names()),
  };
}
