import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loseNamespace } from './story.ts';
import { canTravel, NAMESPACE, openWorld, type World } from './world.ts';

describe.skipIf(!canTravel)('Redis is away', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
    await loseNamespace(world);
    await world.redis.kill();
  });
  afterAll(() => world.close());

  test('help, runbooks and a dry run still work', async () => {
    const [help, runbooks, dryRun] = await Promise.all([
      world.dr(['help']),
      world.dr(['runbooks']),
      world.dr(['restore', 'namespace', NAMESPACE, '--dry-run']),
    ]);
    expect([help.code, runbooks.code, dryRun.code]).toEqual([0, 0, 0]);
    expect(help.text).toContain('restore namespace');
    expect(runbooks.text).toContain('restore-namespace: Restore a namespace');
    expect(dryRun.text).toContain('Dry run: nothing was recorded or changed.');
  });

  test('whatever only reads the cluster still works', async () => {
    const [list, verify, health, events, backup] = await Promise.all([
      world.dr(['backup', 'list', '--namespace', NAMESPACE]),
      world.dr(['backup', 'verify', 'latest', NAMESPACE]),
      world.dr(['health', NAMESPACE]),
      world.dr(['events', NAMESPACE]),
      world.dr(['backup', 'create', 'monitoring', '--dry-run']),
    ]);
    expect([list.code, verify.code, health.code, events.code, backup.code]).toEqual([0, 0, 1, 0, 0]);
    expect(list.text).toMatch(/^Newest usable: daily-full-backup-/m);
    expect(verify.text).toMatch(/^OK: daily-full-backup-/m);
    expect(health.text).toContain(`NOT HEALTHY: ${NAMESPACE} does not exist.`);
  });

  test('what needs it says that nothing was recorded and nothing started, and ends with 75', async () => {
    const words = [
      ['restore', 'namespace', NAMESPACE],
      ['restore', 'namespace', NAMESPACE, '--wait'],
      ['abort', 'bcdfgh'],
      ['backup', 'create', 'monitoring'],
      ['runs', '--json'],
    ];
    const answers = await Promise.all(words.map((line) => world.dr(line)));
    for (const { code, text } of answers) {
      expect(code, text).toBe(75);
      expect(text).toMatch(/nothing was recorded, nothing was started/i);
    }
    expect(world.writes()).toEqual([]);
  });
});
