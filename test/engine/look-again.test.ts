import { expect, test } from 'vitest';
import { APPROVAL_LIFE_MS } from '../../src/domain/approval.ts';
import { createLookAgain } from '../../src/engine/look.ts';
import { BEGIN, entriesOf, planned, requested } from '../domain/run-fixture.ts';

const entries = entriesOf(requested, planned);
const plannedAt = BEGIN + 1_000;

async function lookAgain(seen: string, now: number) {
  const wakes: string[] = [];
  const rests: unknown[] = [];
  const refuse = () => Promise.reject(new Error('not asked'));
  const ledger = {
    ...{
      installation: refuse,
      append: refuse,
      unfinished: refuse,
      unfinishedOn: refuse,
      claim: refuse,
      isClaimed: refuse,
    },
    ...{ recent: refuse, holder: refuse, close: refuse, lastIds: refuse },
    ...{ raw: refuse, oldest: refuse, forget: refuse, incidents: refuse, openIncidents: refuse },
    ...{ receive: refuse, received: refuse, dropReceived: refuse, countReceived: refuse },
    read: () => Promise.resolve(entries),
  };
  const queue = {
    ...{ workers: refuse, close: refuse },
    wake: (stream: string) => Promise.resolve(void wakes.push(stream)),
  };
  const note = (...rest: unknown[]) => void rests.push(rest);
  await createLookAgain({ ledger, queue, clock: { now: () => now }, rests: { note }, fallback: undefined })(
    'run-a',
    seen,
  );
  return { wakes, rests };
}

test('nothing was recorded since the look: it rests until its plan expires', async () => {
  expect(await lookAgain('2-0', plannedAt)).toEqual({
    wakes: [],
    rests: [['run-a', '2-0', plannedAt + APPROVAL_LIFE_MS]],
  });
});

test('something was recorded while the job was on its way out', async () => {
  expect(await lookAgain('1-0', plannedAt)).toEqual({ wakes: ['run-a'], rests: [] });
});

test('its time came meanwhile: the next sweep finds it', async () => {
  expect(await lookAgain('2-0', plannedAt + APPROVAL_LIFE_MS)).toEqual({ wakes: [], rests: [] });
});
