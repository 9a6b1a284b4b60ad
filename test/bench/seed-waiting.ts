import { CHANNELS, PEOPLE } from '../../sandbox/slack/seed-workspace.ts';
import type { RunRequest } from '../../src/domain/run-events.ts';
import { readRun, record, recordFirst, runStream } from '../../src/engine/record.ts';
import { newRunId } from '../../src/engine/run-id.ts';
import { NAMESPACE, type Stage } from './open-stage.ts';

/** Stands for a namespace in what is planned once and recorded for many; as long as the names that take its place. */
const PATTERN = 'waiting-0000';
/** The reminder is due after two minutes: it is said before anything is measured, not in the middle. */
const AGE_MS = 3 * 60_000;
const AT_ONCE = 20;

/** Records so many runs that wait for their approval, each on its own namespace, with the plan that the sandbox's cluster gives; answers them. */
export async function seedWaiting({ muster }: Stage, count: number): Promise<string[]> {
  const { runs, engine } = muster;
  const pattern = await runs.prepare({
    runbook: 'restore-namespace',
    params: { namespace: NAMESPACE, into: PATTERN },
    cluster: undefined,
    by: { kind: 'slack', user: PEOPLE.oncall, groups: [] },
    command: `restore namespace ${NAMESPACE} --into ${PATTERN}`,
    origin: { channel: CHANNELS.incidents, delivery: 'seed' },
  });
  const plan = await runs.plan(pattern, AbortSignal.timeout(20_000));
  const installation = await engine.ledger.installation();
  const deps = { ledger: engine.ledger, clock: { ...engine.clock, now: () => Date.now() - AGE_MS } };
  const seedOne = async (number: number): Promise<string> => {
    const namespace = `waiting-${String(number).padStart(4, '0')}`;
    const run = newRunId(`seed-${number}`);
    const request: RunRequest = { ...withNamespace(pattern, namespace), run, installation };
    await recordFirst(deps, { type: 'run.requested', request });
    const view = await readRun(engine.ledger, runStream(run));
    await record(deps, view, { type: 'run.planned', plan: withNamespace(plan, namespace) });
    return run;
  };
  return mapInParallel(
    Array.from({ length: count }, (_, index) => index + 1),
    AT_ONCE,
    seedOne,
  );
}

function withNamespace<T>(value: T, namespace: string): T {
  return JSON.parse(JSON.stringify(value).replaceAll(PATTERN, namespace)) as T;
}

/** Does it for each item, so many at a time; answers in the items' order. */
export async function mapInParallel<T, R>(
  items: readonly T[],
  atOnce: number,
  act: (item: T) => Promise<R>,
): Promise<R[]> {
  const done: R[] = [];
  let next = 0;
  const hand = async () => {
    for (let at = next++; at < items.length; at = next++) {
      const item = items[at];
      if (item !== undefined) done[at] = await act(item);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, hand));
  return done;
}
