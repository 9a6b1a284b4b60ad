import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canTravel, openWorld, type World } from '../world.ts';
import { GUARDS, type Guard, matchesGuard } from './guards.ts';
import { findDifferences, playRow } from './row.ts';
import { createFence, type Fence, type Stage } from './step-fence.ts';
import { findRow } from './table.ts';

/** How long a run may stand still without resting, once its guard was left out, ms: it would wait for ever. */
const LIMIT_MS = 5_000;

const nameOf = ({ step, stage, says }: Guard) => `${step ?? 'any step'}, ${stage} ${says.source}`;

/** Whether something was left out, and the run has recorded nothing for a while. */
function standsStill(fence: Fence): (events: number) => boolean {
  let last = { events: -1, at: 0 };
  return (events) => {
    if (fence.removed() === 0 || events !== last.events) last = { events, at: Date.now() };
    return Date.now() - last.at > LIMIT_MS;
  };
}

/** Takes each guard away in turn: the row that stands for it must not end as the table says. */
export function playWithoutGuards(title: string, stages: readonly Stage[]): void {
  describe.skipIf(!canTravel)(title, () => {
    const fence = createFence();
    let world: World;
    beforeAll(async () => {
      world = await openWorld({ wrapSteps: fence.wrap });
      await world.inside.startBot();
    });
    afterAll(() => world.close());

    const guards = GUARDS.filter(({ stage }) => stages.includes(stage));
    test.each(guards.map((guard) => [nameOf(guard), guard] as const))('without %s', async (_name, guard) => {
      const row = findRow(guard.row);
      fence.remove((said) => matchesGuard(guard, said));
      try {
        const ending = await playRow(world, row, standsStill(fence));
        expect(fence.removed(), 'nothing was left out').toBeGreaterThan(0);
        expect(findDifferences(row, ending), `red: ${row.fault}`).not.toEqual([]);
      } finally {
        fence.remove();
      }
    });
  });
}
