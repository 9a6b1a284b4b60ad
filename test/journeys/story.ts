import type { RunState } from '../../src/domain/run.ts';
import { standOf } from '../../src/views/run.ts';
import { type Answer, eventually, NAMESPACE, REASON, type World } from './world.ts';

/** What a run is told by, whatever its cluster is. */
type Told = Pick<World, 'inside' | 'state' | 'events'>;

/** Somebody deletes the namespace. */
export async function loseNamespace({ sandbox }: World): Promise<void> {
  const { store } = sandbox.cluster;
  if (store.get('namespaces', undefined, NAMESPACE) === undefined) return;
  store.remove('namespaces', undefined, NAMESPACE);
  await eventually(
    'the namespace is gone',
    () => store.get('namespaces', undefined, NAMESPACE) === undefined || undefined,
  );
}

/** The engineer asks for it back; answers the run. */
export async function ask(
  world: Pick<World, 'inside'>,
  words: readonly string[] = ['restore', 'namespace', NAMESPACE],
): Promise<string> {
  const { text } = await world.inside.type(words);
  const run = /^Run ([a-z0-9]{6}):/m.exec(text)?.[1];
  if (run === undefined) throw new Error(`no run was begun: ${text}`);
  return run;
}

/** Waits for the plan; answers the first 8 characters of its digest. */
export async function planOf(world: Told, run: string): Promise<string> {
  const { plan } = await until(world, run, 'waiting for approval');
  return plan?.digest.slice(0, 8) ?? '';
}

/** Approves without a process of its own; with `--wait` or another terminal option, by a real `dr`. */
export function approve(world: World, run: string, digest: string, ...more: string[]): Promise<Answer> {
  const words = ['approve', run, digest, '--reason', REASON];
  return more.length === 0 ? world.inside.type(words) : world.dr([...words, ...more]);
}

/** Loses the namespace, asks for it and approves the plan: the work begins. */
export async function beginRestore(world: World): Promise<string> {
  await loseNamespace(world);
  const run = await ask(world);
  const { code, text } = await approve(world, run, await planOf(world, run));
  if (code !== 0) throw new Error(`the approval was not taken: ${text}`);
  return run;
}

/** Waits until the run stands so, as `dr runs` words it. */
export async function until(world: Told, run: string, stand: string, limitMs = 30_000): Promise<RunState> {
  let last = 'nothing';
  try {
    return await eventually(
      stand,
      async () => {
        const state = await world.state(run);
        last = state === undefined ? 'not in the ledger' : standOf(state);
        return last === stand ? state : undefined;
      },
      limitMs,
    );
  } catch {
    const { error, parked, refusals } = (await world.state(run)) ?? {};
    throw new Error(
      `run ${run} is ${last}, not ${stand}: ${JSON.stringify({ error, parked, refusals, events: await world.events(run) })}`,
    );
  }
}

/** Waits until this step of the run has been started. */
export async function untilStep(world: Told, run: string, step: string): Promise<void> {
  try {
    await eventually(step, async () => (await world.state(run))?.steps.has(step) || undefined, 15_000);
  } catch {
    const { text } = await world.inside.type(['status', run]);
    throw new Error(`step ${step} was not started: ${text}`);
  }
}

/** Waits until Velero has the run's Restore in this phase. */
export async function untilPhase({ sandbox }: World, run: string, phase: string, limitMs?: number): Promise<void> {
  await eventually(
    `Restore of ${run} ${phase}`,
    () => {
      const restore = sandbox.cluster.store.get('restores.velero.io', 'velero', restoreOf(run));
      const { phase: now } = (restore?.['status'] ?? {}) as { phase?: string };
      return now === phase || undefined;
    },
    limitMs,
  );
}

/** The name of the one Restore that a run may create. */
export function restoreOf(run: string): string {
  return `dr-${run}-restore-1`;
}

/** Ends a run that is of no more interest. */
export async function abort(world: Told, run: string): Promise<void> {
  await world.inside.type(['abort', run]);
  await until(world, run, 'aborted');
}
