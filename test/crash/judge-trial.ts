import { DaemonSet, Deployment, type Kind, StatefulSet } from '../../src/domain/kinds.ts';
import { daemonSetRollout, deploymentRollout, type Rollout, statefulSetRollout } from '../../src/domain/rollout.ts';
import { isTerminalEvent, type RunEvent } from '../../src/domain/run-events.ts';
import { targetKey } from '../../src/domain/target.ts';
import { runStream } from '../../src/engine/record.ts';
import { judgeSlack } from './judge-slack.ts';
import type { Trial } from './run-trial.ts';
import { BACKUPS, listWorkloads, NAMESPACE, RESTORES, readEvents, readPostEvents, type Stage } from './stage.ts';

/** Everything that is not as it must be after a run, whoever was killed; empty: the trial is right. */
export async function judgeTrial(stage: Stage, run: string, trial: Trial): Promise<string[]> {
  const expected = trial.habit === 'types again at once' ? 2 : 1;
  return [
    ...(await judgeLedger(stage, run, expected)),
    // In Slack it is the card that says it.
    ...(trial.worker === 'slack' ? await judgeSlack(stage) : await judgeStatus(stage, run)),
    ...judgeEvents(await readEvents(stage, run)),
    ...(trial.job === 'backup' ? judgeBackup(stage, run) : judgeRestore(stage)),
    ...judgeWorkloads(stage),
    ...(await judgeKills(stage, trial)),
  ];
}

async function judgeStatus({ ask }: Stage, run: string): Promise<string[]> {
  const { state } = (await ask(['status', run])) as { state: string };
  return state === 'succeeded' ? [] : [`dr status says ${state}`];
}

async function judgeLedger({ ledger }: Stage, run: string, expected: number): Promise<string[]> {
  const [runs, holder, unfinished] = await Promise.all([
    ledger.recent(10),
    ledger.holder(targetKey({ cluster: 'sandbox', namespace: NAMESPACE })),
    ledger.unfinished(),
  ]);
  return [
    ...(runs.length === expected ? [] : [`there are ${runs.length} runs`]),
    ...(holder === undefined ? [] : [`the target's lease is still held by ${holder}`]),
    ...(unfinished.includes(runStream(run)) ? ['it is still listed as unfinished'] : []),
  ];
}

function judgeEvents(events: readonly (RunEvent | { type: 'foreign' })[]): string[] {
  const wrong: string[] = [];
  const seen = new Map<string, number>();
  const count = (key: string) => seen.set(key, (seen.get(key) ?? 0) + 1);
  for (const event of events) {
    if (!('eid' in event)) {
      wrong.push('an event cannot be read');
      continue;
    }
    count(`event id ${event.eid}`);
    if ('step' in event && event.type !== 'step.adopted') {
      count(`step ${event.step} ${event.type === 'step.started' ? 'start' : 'outcome'}`);
      if (event.attempt !== 1) wrong.push(`step ${event.step} has attempt ${event.attempt}`);
    } else if (event.type.startsWith('run.')) count(event.type);
  }
  for (const [key, times] of seen) if (times > 1) wrong.push(`${key}: ${times} times`);
  const [first] = events;
  const steps = first?.type === 'run.requested' ? first.request.steps : [];
  for (const { id } of steps) if (!seen.has(`step ${id} outcome`)) wrong.push(`step ${id} has no outcome`);
  if (steps.length === 0) wrong.push('the run has no steps');
  const ends = events.filter(({ type }) => isTerminalEvent(type));
  if (ends.length !== 1) wrong.push(`${ends.length} terminal events`);
  if (events.at(-1)?.type !== 'run.succeeded') wrong.push(`the last event is ${events.at(-1)?.type}`);
  return wrong;
}

function judgeRestore({ sandbox, created }: Stage): string[] {
  const { store, velero } = sandbox.cluster;
  const wrong: string[] = [];
  const restores = store.list(RESTORES);
  if (created(RESTORES) !== 1) wrong.push(`${created(RESTORES)} Restores were created`);
  if (velero.restoresSeen().length !== 1) wrong.push(`Velero saw ${velero.restoresSeen().length} Restores`);
  if (restores.length !== 1) wrong.push(`${restores.length} Restores are there`);
  return wrong;
}

function judgeBackup({ sandbox, created }: Stage, run: string): string[] {
  const { store } = sandbox.cluster;
  const phases = store
    .list(BACKUPS)
    .filter(({ metadata }) => metadata.name.startsWith(`dr-${run}-`))
    .map((backup) => (backup['status'] as { phase?: string } | undefined)?.phase ?? 'New');
  return [
    ...(created(BACKUPS) === 1 ? [] : [`${created(BACKUPS)} Backups were created`]),
    ...(created(RESTORES) === 0 ? [] : [`${created(RESTORES)} Restores were created`]),
    ...(phases.join() === 'Completed' ? [] : [`the run's Backups are ${phases.join() || 'none'}`]),
  ];
}

function judgeWorkloads({ sandbox, workloads }: Stage): string[] {
  const wrong: string[] = [];
  const there = listWorkloads(sandbox);
  for (const name of workloads) if (!there.includes(name)) wrong.push(`${name} is missing`);
  const open = [
    ...unready(sandbox, Deployment, deploymentRollout),
    ...unready(sandbox, StatefulSet, statefulSetRollout),
    ...unready(sandbox, DaemonSet, daemonSetRollout),
  ];
  return [...wrong, ...open];
}

function unready<T>({ cluster }: Stage['sandbox'], kind: Kind<T>, judge: (it: T) => Rollout): string[] {
  return cluster.store.list(`${kind.plural}.apps`, NAMESPACE).flatMap((object) => {
    const { state, detail } = judge(kind.schema.parse(object));
    return state === 'ready' ? [] : [`${kind.plural}/${object.metadata.name}: ${detail}`];
  });
}

/** A trial whose kill did not come about, or not as its name says, proves nothing. */
export async function judgeKills(stage: Stage, { kills }: Trial): Promise<string[]> {
  const killed = stage.killSwitch.killed();
  const recorded = await readEventIds(stage);
  const wrong: string[] = [];
  if (killed.length !== kills.length) wrong.push(`only ${killed.length} of ${kills.length} kills came about`);
  for (const { of, child, append, point } of killed) {
    if (child.signalCode !== 'SIGKILL') wrong.push(`the ${of} process was not killed but ended`);
    // What is in the inbox has no event yet.
    if (append === undefined || append.eid === '') continue;
    const isThere = recorded.has(append.eid);
    if (isThere !== (point.phase === 'after')) {
      wrong.push(`${append.type} was ${isThere ? '' : 'not '}recorded, though its writer died ${point.phase} it`);
    }
  }
  return wrong;
}

/** Of everything that is in the ledger, about runs, about messages and about incidents. */
async function readEventIds(stage: Stage): Promise<Set<string>> {
  const runs = (await stage.ledger.recent(10)).map((stream) => stream.replace(/^run-/, ''));
  const events = await Promise.all(
    runs.map(async (run) => [...(await readEvents(stage, run)), ...(await readPostEvents(stage, run))]),
  );
  const incidents = await Promise.all((await stage.ledger.incidents(10)).map((stream) => stage.ledger.read(stream)));
  const all = [...events.flat(), ...incidents.flat().map(({ event }) => event)];
  return new Set(all.flatMap((event) => ('eid' in event ? [event.eid] : [])));
}
