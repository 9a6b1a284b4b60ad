import type { RunEngine } from '../contracts.ts';
import type { Json, Plan } from '../domain/plan.ts';
import { postsStream } from '../domain/posts.ts';
import { type RunView, stepsInFlight } from '../domain/run.ts';
import type { RunRequest } from '../domain/run-events.ts';
import { targetKey } from '../domain/target.ts';
import { coerceError, type DrError, isDrError } from '../errors.ts';
import type { Queue } from '../ports.ts';
import { beginRun, changeRun } from './change-run.ts';
import type { EngineDeps } from './deps.ts';
import { makePlan, stepType } from './make-plan.ts';
import { type PrepareDeps, prepareRun } from './prepare-run.ts';
import { readRun, runStream } from './record.ts';
import { startedContext } from './started-context.ts';

export interface RunEngineDeps extends EngineDeps, PrepareDeps {
  queue: Queue;
  checkRunbooks: RunEngine['checkRunbooks'];
}

/** The engine as commands see it: each change is one append and a nudge; the work itself is a worker's. */
export function createRunEngine(deps: RunEngineDeps): RunEngine {
  return {
    runbooks: deps.runbooks,
    checkRunbooks: deps.checkRunbooks,
    prepare: (order) => prepareRun(deps, order),
    plan: (request, signal) => makePlan(deps, request, signal),
    manifests: (request, plan, signal) => describeManifests(deps, request, plan, signal),
    begin: async (request) => {
      await beginRun(deps, request);
      await nudge(deps, request.run);
      return request.run;
    },
    read: (run) => readRun(deps.ledger, runStream(run)),
    list: async (limit) => (await readRecent(deps, limit)).filter((it) => 'state' in it),
    unread: async (limit) => (await readRecent(deps, limit)).filter((it) => isDrError(it)),
    others: (request) => listOthers(deps, request),
    change: async (run, decide) => {
      const change = await changeRun(deps, runStream(run), decide);
      if (change.recorded !== undefined) await nudge(deps, run);
      return change;
    },
    progress: (view, signal) => lookAtStep(deps, view, signal),
  };
}

/** One run that cannot be read must not hide the others. */
async function readRecent({ ledger }: RunEngineDeps, limit: number): Promise<(RunView | DrError)[]> {
  const streams = await ledger.recent(limit);
  return Promise.all(
    streams.map((stream) =>
      readRun(ledger, stream).catch((thrown: unknown) => {
        if (isDrError(thrown, 'RUN_NOT_FOUND', 'RUN_NEWER')) return thrown;
        throw thrown;
      }),
    ),
  );
}

async function listOthers({ ledger }: RunEngineDeps, { run, target }: RunRequest): Promise<RunView[]> {
  const streams = await ledger.unfinishedOn(targetKey(target));
  const views = await Promise.all(
    streams.map((stream) =>
      readRun(ledger, stream).catch((thrown: unknown) => {
        // Its stream was lost, or a newer Muster wrote it: this version can tell nothing of it.
        if (isDrError(thrown, 'RUN_NOT_FOUND', 'RUN_NEWER')) return undefined;
        throw thrown;
      }),
    ),
  );
  return views
    .filter((view) => view !== undefined)
    .filter(({ state }) => state.request.run !== run)
    .sort((a, b) => b.state.requestedAt - a.state.requestedAt);
}

/** What is recorded is safe: if the nudge is lost, the sweep finds the streams within 15 s. */
async function nudge({ queue, log }: RunEngineDeps, run: string): Promise<void> {
  try {
    await Promise.all([queue.wake(runStream(run)), queue.wake(postsStream(run))]);
  } catch (thrown) {
    log.warn({ run, error: coerceError(thrown).message }, 'recorded, but nobody could be woken; the next sweep will');
  }
}

/** What a human applies when Muster cannot: the same objects, planned but not recorded. */
async function describeManifests(
  deps: RunEngineDeps,
  request: RunRequest,
  plan: Plan,
  signal: AbortSignal,
): Promise<{ [field: string]: Json }[]> {
  const state = { request, plan, requestedAt: deps.clock.now(), installation: '', steps: new Map() };
  const view: RunView = { stream: runStream(request.run), entries: [], state };
  const made = request.steps.map(async (step) => {
    const context = await startedContext(deps, view, step, signal);
    return stepType(deps.steps, step).describeManifest?.(context) ?? [];
  });
  return (await Promise.all(made)).flat();
}

async function lookAtStep(deps: RunEngineDeps, view: RunView, signal: AbortSignal): Promise<string | undefined> {
  const [step] = stepsInFlight(view.state);
  if (step === undefined) return undefined;
  try {
    const observation = await stepType(deps.steps, step).observe(await startedContext(deps, view, step, signal));
    return 'detail' in observation ? observation.detail : undefined;
  } catch (thrown) {
    return `cannot look: ${coerceError(thrown).message}`;
  }
}
