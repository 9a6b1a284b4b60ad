import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ask, loseNamespace, until } from './story.ts';
import { type Bot, canTravel, eventually, NAMESPACE, openWorld, type World } from './world.ts';

describe.skipIf(!canTravel)('dr backup create', () => {
  let world: World;
  let bot: Bot;
  beforeAll(async () => {
    world = await openWorld();
    bot = world.startBot();
  });
  afterEach(() => {
    const { velero } = world.sandbox.cluster;
    velero.faults.backupErrors = undefined;
    velero.faults.down = undefined;
    velero.faults.file = undefined;
    velero.storage.setAccessMode('ReadWrite');
  });
  afterAll(() => world.close());

  const create = (...more: string[]) => ask(world, ['backup', 'create', NAMESPACE, ...more]);
  const backupOf = (run: string) =>
    world.sandbox.cluster.store.get('backups.velero.io', 'velero', `dr-${run}-backup-1`);
  const specOf = (run: string) => backupOf(run)?.['spec'] as Record<string, unknown>;

  test('without an approval: made by the schedule of the newest usable backup, proven to be whole, and usable then', async () => {
    const run = await create();
    await until(world, run, 'succeeded');
    const { text } = await world.inside.type(['status', run]);
    expect(text).toMatch(/DONE and verified: data-processing, \d+ checks passed\./);
    expect(text).toMatch(/ok {3}workloads: \d+ workloads among \d+ objects of data-processing/);
    expect(text).toMatch(/ok {3}pvc\/\S+: PodVolumeBackup succeeded/);
    expect(text).not.toContain('RECOVERED');
    expect(world.writes()).toEqual(['create backups.velero.io']);
    expect(world.checked).toContain(`dr-${run}-backup-1`);
    expect(specOf(run)).toMatchObject({ includedNamespaces: [NAMESPACE], ttl: '168h0m0s', storageLocation: 'default' });
    expect(backupOf(run)?.metadata.labels).not.toHaveProperty('velero.io/schedule-name');
    const verified = await world.inside.type(['backup', 'verify', 'latest', NAMESPACE]);
    expect(verified.text).toMatch(new RegExp(`^OK: dr-${run}-backup-1 can bring ${NAMESPACE} back`));
  });

  test("it counts as the schedule's newest only where that is said", async () => {
    const run = await create('--schedule', 'weekly-full-backup', '--counts-as-latest');
    await until(world, run, 'succeeded');
    expect(backupOf(run)?.metadata.labels).toMatchObject({ 'velero.io/schedule-name': 'weekly-full-backup' });
    expect(specOf(run)).toMatchObject({ ttl: '720h0m0s' });
  });

  test('killed once the Backup is created, the next bot watches that one and makes no other', async () => {
    const { velero, store } = world.sandbox.cluster;
    velero.faults.down = true;
    const run = await create();
    await eventually('the Backup is created', () => backupOf(run));
    bot.process.kill('SIGKILL');
    await eventually('the bot is gone', () => !bot.alive() || undefined);
    bot = world.startBot();
    velero.faults.down = undefined;
    await until(world, run, 'succeeded', 45_000);
    const made = store.list('backups.velero.io').filter(({ metadata }) => metadata.name.startsWith(`dr-${run}-`));
    expect(made.map(({ metadata }) => metadata.name)).toEqual([`dr-${run}-backup-1`]);
  });

  test('one that ends PartiallyFailed fails the run, and names what to read', async () => {
    world.sandbox.cluster.velero.faults.backupErrors = 2;
    const run = await create();
    await until(world, run, 'failed');
    const { text } = await world.inside.type(['status', run]);
    expect(text).toContain(`NOT DONE: Backup dr-${run}-backup-1 ended PartiallyFailed with 2 errors.`);
    expect(text).toContain(`dr backup describe dr-${run}-backup-1`);
  });

  test('one that is Completed, but without its results, is not taken for good', async () => {
    world.sandbox.cluster.velero.faults.file = { path: 'BackupResults/dr-', instead: undefined };
    const run = await create();
    await until(world, run, 'failed');
    expect((await world.inside.type(['status', run])).text).toMatch(/FAIL results: cannot be read/);
  });

  test.each([
    [
      'a location that is ReadOnly',
      [],
      () => world.sandbox.cluster.velero.storage.setAccessMode('ReadOnly'),
      'is ReadOnly: Velero takes no backup to it.',
    ],
    [
      'a schedule without workloads',
      ['--schedule', 'hourly-incremental'],
      () => undefined,
      'Schedule hourly-incremental cannot back up data-processing whole: it has no Deployments',
    ],
    [
      'a schedule that is not there',
      ['--schedule', 'daily-full-backups'],
      () => undefined,
      'did you mean "daily-full-backup"?',
    ],
  ])('%s is refused, and nothing is created', async (_what, more, make, sentence) => {
    const before = world.writes();
    make();
    const { code, text } = await world.inside.type(['backup', 'create', NAMESPACE, ...more, '--dry-run']);
    expect(code).toBe(1);
    expect(text).toContain(sentence);
    expect(world.writes()).toEqual(before);
  });

  test('a dry run shows the template it goes by; a namespace that is gone is not backed up', async () => {
    const { code, text } = await world.inside.type(['backup', 'create', NAMESPACE, '--dry-run']);
    expect(code).toBe(0);
    expect(text).toContain('Can be done: Back up a namespace, data-processing on cluster sandbox (dry run)');
    expect(text).toContain('Backs up data-processing as Schedule weekly-full-backup does');
    await loseNamespace(world);
    const gone = await world.inside.type(['backup', 'create', NAMESPACE, '--dry-run']);
    expect(gone.text).toContain('Namespace data-processing does not exist: a backup would hold nothing');
    expect(gone.text).toContain('dr restore namespace data-processing');
  });

  test('who may not ask for a run there cannot', async () => {
    const { code, text } = await world.inside.type(['backup', 'create', 'elsewhere']);
    expect(code).toBe(1);
    expect(text).toContain('The policy does not let engineers request on sandbox/elsewhere.');
  });
});
