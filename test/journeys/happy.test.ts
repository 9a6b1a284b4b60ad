import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { approve, ask, loseNamespace, planOf, restoreOf } from './story.ts';
import { canTravel, NAMESPACE, openWorld, REASON, type World } from './world.ts';

describe.skipIf(!canTravel)('the engineer on call restores a namespace', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
    world.startBot();
  });
  afterAll(() => world.close());

  test('in a pipe with --wait: planned, shown, approved, restored, verified; nothing is changed before the approval', async () => {
    await loseNamespace(world);
    const run = await ask(world);
    const digest = await planOf(world, run);
    const shown = await world.dr(['status', run]);
    expect(shown.code).toBe(0);
    expect(shown.text).toContain(`Namespace ${NAMESPACE} does not exist; Velero creates it.`);
    expect(shown.text).toMatch(
      /From backup daily-full-backup-\d{14}: everything written in the last .* is lost \(OVER the 60 min target\)\./,
    );
    expect(shown.text).toContain(`dr approve ${run} ${digest}`);
    expect(world.writes()).toEqual([]);

    const { code, text } = await approve(world, run, digest, '--wait');
    expect(text).toContain(`RECOVERED and verified: ${NAMESPACE}`);
    expect(text).toContain(`BREAK-GLASS approval of run ${run}`);
    expect(text).not.toContain('\u001b');
    expect(code).toBe(0);
    expect(world.restores()).toEqual([restoreOf(run)]);
    expect(world.writes()).toEqual(['create restores.velero.io']);
    expect(world.checked).toContain(restoreOf(run));
    // The questions to Velero are held against its CRDs too.
    expect(world.checked.filter((name) => name.startsWith('muster-')).length).toBeGreaterThan(0);
  });

  test('with --json every line parses, and the last says how it ended', async () => {
    await loseNamespace(world);
    const asked = await world.dr(['restore', 'namespace', NAMESPACE, '--json', '--no-wait']);
    expect(asked.code).toBe(0);
    const { ok, data } = JSON.parse(asked.text);
    expect(ok).toBe(true);
    await planOf(world, data.run);
    const { code, text } = await world.dr(['approve', data.run, '--reason', REASON, '--wait', '--json']);
    const lines = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.at(-1)).toMatchObject({ run: data.run, state: 'succeeded', error: null, leftRunning: [] });
    expect(lines.at(-1).checks.length).toBeGreaterThan(5);
    expect(code).toBe(0);

    const listed = await world.dr(['runs', '--json']);
    expect(JSON.parse(listed.text).data[0]).toMatchObject({ run: data.run, state: 'succeeded' });
  });

  test('what exists already is left as it is, and the report does not claim otherwise', async () => {
    await world.sandbox.cluster.seed();
    const { code, text } = await world.dr(['restore', 'namespace', NAMESPACE, '--dry-run']);
    expect(code).toBe(0);
    expect(text).toContain('Data will NOT change in 2 existing PVCs');
    expect(text).toContain('Dry run: nothing was recorded or changed.');
  });
});
