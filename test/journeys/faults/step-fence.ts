import type { Observation, StartedContext, StepPlan, StepType } from '../../../src/contracts.ts';
import type { Json } from '../../../src/domain/plan.ts';
import { coerceError } from '../../../src/errors.ts';
import type { WrapSteps } from '../inside.ts';

/** Where a step says no, or says what to read. */
export type Stage = 'refusal' | 'plan check' | 'fact' | 'plan stops' | 'observation' | 'verification' | 'verify stops';

/** One thing that a step said. Checks and facts go by their names, the others by their sentences. */
export interface Said {
  step: string;
  stage: Stage;
  says: string;
}

export interface Fence {
  wrap: NonNullable<WrapSteps>;
  /** Leaves out from now on what `matches`; nothing, where it is left out. Begins to count anew. */
  remove(matches?: (said: Said) => boolean): void;
  /** How often something was left out. */
  removed(): number;
  /** Everything that was said so far, each once. */
  seen(): Said[];
}

/** Stands between the step types and the engine: notes what the steps say, and leaves out what it is told to. */
export function createFence(): Fence {
  const seen = new Map<string, Said>();
  let removes: (said: Said) => boolean = () => false;
  let removed = 0;
  const isRemoved = (step: string, stage: Stage, says: string): boolean => {
    const said = { step, stage, says };
    seen.set(JSON.stringify(said), said);
    const gone = removes(said);
    if (gone) removed += 1;
    return gone;
  };
  return {
    wrap: (loaded) => new Map([...loaded].map(([name, type]) => [name, wrapStep(type, isRemoved)])),
    remove: (matches = () => false) => {
      removes = matches;
      removed = 0;
    },
    removed: () => removed,
    seen: () => [...seen.values()],
  };
}

type IsRemoved = (step: string, stage: Stage, says: string) => boolean;

function wrapStep(type: StepType, isRemoved: IsRemoved): StepType {
  const gone = (stage: Stage, says: string) => isRemoved(type.name, stage, says);
  const plan = planWithout(type, gone);
  return {
    ...type,
    plan: async (context) => {
      try {
        return await plan(context);
      } catch (thrown) {
        if (gone('plan stops', describeThrown(thrown))) return { facts: {} };
        throw thrown;
      }
    },
    observe: (context) => observeWithout(type, context, gone),
    verify: async (context) => {
      try {
        return (await type.verify(context)).filter(({ name }) => !gone('verification', name));
      } catch (thrown) {
        if (gone('verify stops', describeThrown(thrown))) return [];
        throw thrown;
      }
    },
  };
}

type Gone = (stage: Stage, says: string) => boolean;

/** A fact that is left out is frozen as it was first planned: a change of it voids nothing then. */
function planWithout(type: StepType, gone: Gone): StepType['plan'] {
  const first = new Map<string, Json>();
  return async (context): Promise<StepPlan> => {
    const plan = await type.plan(context);
    const facts = Object.entries(plan.facts).map(([name, fact]) => {
      const key = `${context.request.run}/${context.step}/${name}`;
      if (!first.has(key)) first.set(key, fact);
      return [name, gone('fact', name) ? (first.get(key) ?? fact) : fact] as const;
    });
    return {
      ...plan,
      facts: Object.fromEntries(facts),
      refusals: (plan.refusals ?? []).filter(({ message }) => !gone('refusal', message)),
      checks: (plan.checks ?? []).filter(({ name }) => !gone('plan check', name)),
    };
  };
}

/** Without its rule a step that waits or fails is done, and one that is stuck runs on. */
async function observeWithout(type: StepType, context: StartedContext<unknown>, gone: Gone): Promise<Observation> {
  const passed: Observation = { state: 'done', evidence: 'nobody looked' };
  try {
    const observation = await type.observe(context);
    if (observation.state === 'done' || observation.state === 'absent') return observation;
    const text = 'message' in observation ? observation.message : observation.detail;
    // Each thing that is waited for is a rule of its own.
    const parts = observation.state === 'running' ? text.split('; ') : [text];
    const hits = parts.map((part) => gone('observation', `${observation.state}: ${part}`));
    if (!hits.includes(true)) return observation;
    return observation.state === 'stuck' ? { state: 'running', detail: text } : passed;
  } catch (thrown) {
    if (gone('observation', `throws: ${describeThrown(thrown)}`)) return passed;
    throw thrown;
  }
}

function describeThrown(thrown: unknown): string {
  const { code, message } = coerceError(thrown);
  return `${code}: ${message}`;
}
