import type { Measured } from './measure.ts';
import { askFor, CHANNEL, eventually, loseNamespace, openStage, planOf, type Stage } from './open-stage.ts';
import { renderMs } from './render-measured.ts';

const ROUNDS = 5;
const LIMIT_MS = 500;

interface Round {
  /** From the click on Approve until the Restore is stored in the API. */
  createdMs: number;
  /** From Velero's Completed, stored in the API, until the ledger says that the step succeeded. */
  knownMs: number;
}

/** What Muster itself adds to a restore: everything else of the time is Velero's. */
export async function benchApproval(): Promise<Measured> {
  const stage = await openStage();
  try {
    await stage.startBot();
    await playRound(stage);
    const rounds: Round[] = [];
    for (let round = 0; round < ROUNDS; round += 1) rounds.push(await playRound(stage));
    const each = (part: keyof Round) => rounds.map((round) => renderMs(round[part])).join(', ');
    return {
      bounds: [
        {
          what: "approval to Restore created, and Velero's Completed to known, together",
          limit: LIMIT_MS,
          rounds: rounds.map(({ createdMs, knownMs }) => createdMs + knownMs),
        },
      ],
      notes: [
        { what: 'approval to Restore created', value: each('createdMs') },
        { what: 'Completed to known', value: each('knownMs') },
      ],
    };
  } finally {
    await stage.close();
  }
}

async function playRound(stage: Stage): Promise<Round> {
  await loseNamespace(stage);
  const run = await askFor(stage, 'restore namespace data-processing');
  const digest = await planOf(stage, run);
  const { ts } = await findButton(stage, run, digest);
  const watched = watchRestore(stage);
  const approvedAt = Date.now();
  const pressed = stage.slack.deliver.click({ user: 'lead', channel: CHANNEL, ts, button: 'Approve', confirm: true });
  try {
    const [createdAt, completedAt] = await Promise.all([watched.created, watched.completed, pressed]);
    const knownAt = await eventually(`run ${run} knows that its restore is done`, () => readKnownAt(stage, run));
    await eventually(`run ${run} is over`, async () => (await stage.state(run)).outcome);
    return { createdMs: createdAt - approvedAt, knownMs: knownAt - completedAt };
  } finally {
    watched.stop();
  }
}

function findButton({ slack }: Stage, run: string, digest: string) {
  const isOurs = ({ value = '' }) =>
    value.startsWith(`approve ${run} `) && `approve ${run} ${digest}`.startsWith(value);
  return eventually(`the plan of run ${run} is posted`, () => slack.pressable(CHANNEL).find(isOurs));
}

/** When Redis took the event that the restore has succeeded. */
async function readKnownAt({ muster }: Stage, run: string): Promise<number | undefined> {
  const { entries, state } = await muster.runs.read(run);
  if (state.parked !== undefined) throw new Error(`run ${run} is parked: ${state.parked.error.message}`);
  const known = entries.find(({ event }) => event.type === 'step.succeeded' && event.step === 'restore');
  return known === undefined ? undefined : Number(known.id.split('-')[0]);
}

/** When the next Restore is stored, and when as Completed, by the same clock as the bot's. */
function watchRestore({ sandbox }: Stage) {
  const created = Promise.withResolvers<number>();
  const completed = Promise.withResolvers<number>();
  const stop = sandbox.cluster.store.subscribe(({ type, resource, object }) => {
    if (resource !== 'restores.velero.io') return;
    if (type === 'ADDED') created.resolve(Date.now());
    if (Reflect.get(Object(object['status']), 'phase') === 'Completed') completed.resolve(Date.now());
  });
  return { created: created.promise, completed: completed.promise, stop };
}
