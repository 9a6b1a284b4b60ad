import { isButtonLine } from '../../domain/button-line.ts';
import { explainLabel } from '../../domain/names.ts';
import { isOver, type RunState } from '../../domain/run.ts';
import { renderVerdict } from '../report.ts';
import { renderNext, standOf } from '../run.ts';
import type { Line } from './line.ts';
import type { IncidentShown } from './shown.ts';

/** The recovery runs of an incident, each with its verdict or how far it is. */
export function renderRuns({ state, runs }: IncidentShown): Line[] {
  return state.runs.flatMap(({ run, command }): Line[] => {
    const found = runs.find((it) => it.state.request.run === run);
    if (found === undefined) return [{ text: `Run ${run} (${command}): nothing can be read of it yet.` }];
    return renderRun(found.state, found.progress);
  });
}

function renderRun(state: RunState, progress: string | undefined): Line[] {
  const { run, runbook, target } = state.request;
  const name = `Run ${run}, ${runbook.title}, ${target.namespace} on cluster ${target.cluster}`;
  if (isOver(state)) return [{ text: `${name}: ${renderVerdict(state)}`, strong: true }];
  const stand = standOf(state);
  const course = progress === undefined ? '' : `, ${progress}`;
  const next = renderNext(state).map((text) => ({ text }));
  return [{ text: `${name}: ${stand}${course}`, strong: stand !== 'running' && stand !== 'planning' }, ...next];
}

/** A verdict or one word for each: as those read it who work on something else. */
export function renderVerdicts({ runs }: IncidentShown): Line[] {
  return runs.map(({ state }) => {
    const { run, runbook } = state.request;
    return { text: `${runbook.title}, run ${run}: ${isOver(state) ? renderVerdict(state) : standOf(state)}` };
  });
}

/** A run that has brought it back stops no clock: that the damage is stopped, a person says. */
export function renderMitigation({ state, runs }: IncidentShown): Line[] {
  if (state.mitigatedAt !== undefined || state.resolvedAt !== undefined) return [];
  if (!runs.some((it) => it.state.outcome === 'succeeded') || runs.some((it) => !isOver(it.state))) return [];
  const text = 'If that has stopped the damage, say so: it stops the 15 min clock, and nothing does that by itself:';
  return [{ text, strong: true, command: 'mitigate' }];
}

export function renderBackup({ state, backup }: IncidentShown): Line[] {
  const { target } = state.opening;
  if (backup !== undefined) return [{ text: backup }];
  return target === undefined ? [] : [{ text: `The newest usable backup of ${target.namespace} is not known yet.` }];
}

/** What the route proposes: a command line that plans and changes nothing; undefined where a run is at work or has done it. */
export function proposeRun({ state, runs }: IncidentShown): { what: string; command: string } | undefined {
  const { incident, runbook, target } = state.opening;
  if (runbook === undefined || target === undefined || state.resolvedAt !== undefined) return undefined;
  if (runs.some((it) => !isOver(it.state) || it.state.outcome === 'succeeded')) return undefined;
  const { namespace, cluster } = target;
  // An alert says what is broken: it shall not say options too.
  if (
    [namespace, runbook].some((name) => explainLabel(name) !== undefined) ||
    !/^[\w.@:/+][^ ]*$/.test(cluster ?? 'any')
  )
    return undefined;
  const where = `${cluster === undefined ? '' : ` --cluster ${cluster}`} --incident ${incident}`;
  const proposed =
    runbook === 'restore-namespace'
      ? { what: `restore of ${namespace}`, command: `restore namespace ${namespace}${where}` }
      : { what: `${runbook} of ${namespace}`, command: `run ${runbook} namespace=${namespace}${where}` };
  return isButtonLine(proposed.command) ? proposed : undefined;
}
