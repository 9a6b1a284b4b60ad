import type { Muster } from '../compose.ts';
import { isOver, type RunView } from '../domain/run.ts';
import { coerceError } from '../errors.ts';
import { renderEvent } from '../views/event.ts';
import { renderPlan } from '../views/plan.ts';
import { renderReport } from '../views/report.ts';
import { describeRun, renderWay, standOf } from '../views/run.ts';
import { startWorking, type Working } from '../worker.ts';
import { EXIT, exitCodeOfRun } from './exit-code.ts';
import type { Printer } from './printer.ts';

const LOOK_MS = 400;
/** How long a run may be missing from an emptied Redis before we stop hoping, in ms: two sweeps and some. */
const LOST_MS = 60_000;

export interface FollowOptions {
  /** Waits for an approval too; otherwise a run that waits for one is left there. */
  patient: boolean;
  stop: AbortSignal;
}

interface Shown {
  /** The id of the last event that was printed: a ledger that was lost and found again does not have it, and is told from its start. */
  last: string | undefined;
  trouble: string;
  lostAt: number;
}

/** Prints what happens to a run until it is over or needs a human; does the work itself where no Muster runs. Returns the exit code. */
export async function followRun(
  muster: Muster,
  run: string,
  printer: Printer,
  { patient, stop }: FollowOptions,
): Promise<number> {
  const working = await workIfNobodyDoes(muster, printer);
  try {
    const shown: Shown = { last: undefined, trouble: '', lostAt: 0 };
    while (!stop.aborted) {
      const view = await look(muster, run, printer, shown);
      const code = view === undefined ? undefined : await show(muster, view, printer, shown, patient, stop);
      if (code !== undefined) return code;
      if (shown.lostAt > 0 && Date.now() - shown.lostAt > LOST_MS) return EXIT.failed;
      await muster.engine.clock.sleep(LOOK_MS, stop);
    }
    printer.note(
      working === undefined
        ? `Run ${run} goes on without this terminal: dr status ${run}`
        : `Run ${run} stops between steps; go on with: dr status ${run} --wait`,
    );
    return EXIT.interrupted;
  } finally {
    await working?.stop();
  }
}

/** With no Muster running the terminal is the break-glass path: it does the work. */
async function workIfNobodyDoes(muster: Muster, printer: Printer): Promise<Working | undefined> {
  const workers = await muster.engine.queue.workers();
  if (workers !== undefined && workers > 0) return undefined;
  printer.note('No Muster is running: this terminal does the work. Keep it open.');
  return startWorking(muster);
}

async function look(
  muster: Muster,
  run: string,
  printer: Printer,
  shown: Pick<Shown, 'trouble' | 'lostAt'>,
): Promise<RunView | undefined> {
  try {
    const view = await muster.runs.read(run);
    if (shown.trouble !== '') printer.note('Redis answers again.');
    Object.assign(shown, { trouble: '', lostAt: 0 });
    return view;
  } catch (thrown) {
    const { code, message } = coerceError(thrown);
    if (code !== shown.trouble) {
      printer.note(
        code === 'RUN_NOT_FOUND'
          ? `${message} Was Redis emptied? Waiting for the run to be found again from the cluster.`
          : `${message} Still trying.`,
      );
    }
    if (code === 'RUN_NOT_FOUND' && shown.trouble !== code) shown.lostAt = Date.now();
    shown.trouble = code;
    return undefined;
  }
}

/** Prints what is new; an exit code when there is nothing more to wait for. */
async function show(
  muster: Muster,
  view: RunView,
  printer: Printer,
  shown: Pick<Shown, 'last'>,
  patient: boolean,
  stop: AbortSignal,
): Promise<number | undefined> {
  const { state, entries } = view;
  const seen = entries.findIndex(({ id }) => id === shown.last);
  for (const { event } of entries.slice(seen + 1)) {
    printer.lines(renderEvent(event), {
      event: event.type,
      ...('at' in event ? { at: event.at } : {}),
      ...('step' in event ? { step: event.step } : {}),
    });
    if (event.type === 'run.planned')
      printer.lines(
        [...renderPlan(state.request, event.plan), ...(state.approval === undefined ? [renderWay(state)] : [])],
        { plan: event.plan.digest },
      );
  }
  shown.last = entries.at(-1)?.id;
  if (isOver(state)) {
    printer.lines(renderReport(state), describeRun(view));
    return exitCodeOfRun(state);
  }
  const stand = standOf(state);
  if (stand === 'parked' || (stand === 'waiting for approval' && !patient)) {
    if (stand === 'parked') printer.lines([], describeRun(view));
    return stand === 'parked' ? EXIT.waitsForHuman : EXIT.done;
  }
  if (stand === 'running') printer.progress((await muster.runs.progress(view, stop)) ?? '');
  return undefined;
}
