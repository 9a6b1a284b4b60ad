import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canTravel, openWorld, type World } from '../world.ts';
import { playWithoutGuards } from './play-guards.ts';
import { playRow } from './row.ts';
import { createFence } from './step-fence.ts';
import { findRow } from './table.ts';

playWithoutGuards('the verification without a guard', ['verification', 'verify stops']);

describe.skipIf(!canTravel)('the verification without any guard', () => {
  const fence = createFence();
  let world: World;
  beforeAll(async () => {
    world = await openWorld({ wrapSteps: fence.wrap });
    await world.inside.startBot();
  });
  afterAll(() => world.close());

  test('what was not checked is not recovered', async () => {
    const row = findRow('The storage location is ReadOnly: Velero restores from it all the same');
    expect(await playRow(world, row)).toMatchObject({ stand: 'succeeded' });
    fence.remove(({ stage }) => stage === 'verification');
    const { stand, text } = await playRow(world, row);
    expect(stand).toBe('failed');
    expect(text).toContain('NOT RECOVERED: Not verified: nothing could be checked.');
  });
});
