import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { BackupRequest } from '../../sandbox/velero/take-backup.ts';
import { canTravel, NAMESPACE, openWorld, type World } from './world.ts';

describe.skipIf(!canTravel)('dr backup, reading', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
  });
  afterEach(() => {
    const { velero } = world.sandbox.cluster;
    velero.faults.file = undefined;
    velero.faults.ignoreDownloads = undefined;
    velero.storage.setAvailable();
    velero.storage.setAccessMode('ReadWrite');
  });
  afterAll(() => world.close());

  const dr = (...words: string[]) => world.inside.type(['backup', ...words]);
  const take = (request: BackupRequest) => {
    const { metadata } = world.sandbox.cluster.velero.takeBackup(request);
    return metadata.name;
  };
  const forget = (name: string) => world.sandbox.cluster.store.remove('backups.velero.io', 'velero', name);
  const newestDaily = async () =>
    /^(daily-full-backup-\d{14})/m.exec((await dr('list', '--schedule', 'daily-full-backup')).text)?.[1] ?? '';

  test('list: the newest usable one leads, then newest first, each with what it is good for', async () => {
    const { code, text } = await dr('list', '--limit', '3', '--namespace', NAMESPACE);
    expect(code).toBe(0);
    const [head, ...rows] = text.split('\n');
    // It is older than those that are shown, and the first thing to know.
    expect(head).toMatch(
      /^Newest usable: daily-full-backup-\d{14}, 9 h( \d+ min)? old; it can restore data-processing\.$/,
    );
    expect(rows).toHaveLength(4);
    expect(rows[0]).toMatch(
      /^hourly-incremental-\d{14}: Completed, 3\d min old, expires in 23 h 2\d min, \d+ items, schedule hourly-incremental, in default, no restore: it has no Deployments /,
    );
    expect(rows[3]).toMatch(/^… and \d+ older\. See more: dr backup list --limit \d+$/);
    const daily = await dr('list', '--schedule', 'daily-full-backup');
    expect(daily.text).toMatch(
      /^Newest usable: daily-full-backup-\d{14}, 9 h( \d+ min)? old; it can restore any namespace\.$/m,
    );
    expect(daily.text).not.toContain('hourly');
    expect(world.writes()).toEqual([]);
  });

  test('list: one that is under way is marked, and is of no use yet', async () => {
    const name = take({ namespaces: [NAMESPACE], name: 'running', outcome: { phase: 'InProgress', errors: 0 } });
    const { text } = await dr('list', '--limit', '1');
    expect(text).toMatch(/running: InProgress UNDER WAY, for .* now, .*, no restore: it is InProgress/);
    forget(name);
  });

  test('list --json: times are RFC 3339 and what is not known is null', async () => {
    const { text } = await world.dr(['backup', 'list', '--limit', '1', '--json']);
    const { ok, data } = JSON.parse(text);
    expect(ok).toBe(true);
    expect(data).toHaveLength(1);
    expect(data[0]).toMatchObject({ phase: 'Completed', usable: false, schedule: 'hourly-incremental' });
    expect(data[0].startedAt).toMatch(/^\d{4}-\d\d-\d\dT/);
  });

  test.each([
    [['list', '--limit', '0'], '--limit must be a number from 1 to 500, not "0".'],
    [['list', '--namespace', 'data-*'], 'must be one exact name; wildcards are not accepted'],
    [['describe', 'daily-full-backup'], 'There is no backup "daily-full-backup". Near to it: daily-full-backup-'],
    [['verify', 'latest', 'no_such'], 'The namespace "no_such" must be lower-case letters'],
    [['list', '--cluster', 'elsewhere'], 'elsewhere'],
  ])('%j is refused, and says why', async (words, sentence) => {
    const { code, text } = await dr(...words);
    expect(code).toBe(1);
    expect(text).toContain(sentence);
    expect(text).toContain('Next: ');
  });

  test('describe: of one that is under way nothing is asked that Velero has not written', async () => {
    const name = take({ namespaces: [NAMESPACE], name: 'early', outcome: { phase: 'InProgress', errors: 0 } });
    const { code, text } = await dr('describe', name);
    expect(code).toBe(0);
    expect(text).toMatch(/^early: InProgress UNDER WAY, for .* now; no restore: it is InProgress\.$/m);
    expect(text).toContain('inside: cannot be read: Velero writes it when the backup is over');
    forget(name);
  });

  test('describe: what is inside by namespace, the PVCs with their data, and who may restore with it', async () => {
    const { code, text } = await dr('describe', await newestDaily());
    expect(code).toBe(0);
    expect(text).toMatch(/^daily-full-backup-\d{14}: Completed, 9 h( \d+ min)? old; can restore any namespace\.$/m);
    expect(text).toMatch(/inside data-processing: .*\d+ Deployment \(.*normalization-service.*\)/);
    expect(text).toMatch(/pvc data-processing\/\S+: PodVolumeBackup succeeded, 256 MiB/);
    expect(text).toContain(`may restore ${NAMESPACE}: asks: engineers; approves: nobody; breaks the glass: engineers`);
    expect(text).toContain('0 errors');
  });

  test("describe: Velero's own messages are counted, the first shown without their secrets", async () => {
    const name = await newestDaily();
    const instead = JSON.stringify({ errors: { namespaces: { shop: ['no route, password=hunter2'] } }, warnings: {} });
    world.sandbox.cluster.velero.faults.file = { path: `BackupResults/${name}`, instead };
    const { text } = await dr('describe', name);
    expect(text).toContain('1 errors');
    expect(text).toContain('error: shop: no route, password=[redacted]');
    expect(text).not.toContain('hunter2');
  });

  test('logs: for whoever may request on all of its namespaces; the newest lines, redacted', async () => {
    const refused = await dr('logs', await newestDaily());
    expect(refused.code).toBe(1);
    expect(refused.text).toContain('The policy does not let engineers request on sandbox/*.');
    const weekly = /^(weekly-full-backup-\d{14})/m.exec(
      (await dr('list', '--schedule', 'weekly-full-backup')).text,
    )?.[1];
    const lines = Array.from({ length: 30 }, (_, n) => `level=info msg="item ${n}" token=abc${n}`);
    world.sandbox.cluster.velero.faults.file = { path: `BackupLog/${weekly}`, instead: `${lines.join('\n')}\n` };
    const { code, text } = await dr('logs', weekly ?? '', '--tail', '2');
    expect(code).toBe(0);
    expect(text.split('\n')).toEqual([
      `Log of backup ${weekly}: 2 lines, 28 older left out, 0 errors or warnings.`,
      'level=info msg="item 28" token=[redacted]',
      'level=info msg="item 29" token=[redacted]',
    ]);
  });

  test('logs: a backup that is under way has none yet', async () => {
    const name = take({ namespaces: [NAMESPACE], name: 'unended', outcome: { phase: 'InProgress', errors: 0 } });
    const { text } = await dr('logs', name);
    expect(text).toContain('Backup unended is InProgress, so there is no log yet.');
    forget(name);
  });

  test('verify: the newest whole backup is ok, line by line', async () => {
    const { code, text } = await dr('verify', 'latest', NAMESPACE);
    expect(text).toMatch(/^OK: daily-full-backup-\d{14} can bring data-processing back/);
    expect(text).toMatch(/ ok pvc\/\S+: PodVolumeBackup succeeded/);
    expect(text).toMatch(/ ok storage default: Available/);
    expect(code).toBe(0);
  });

  interface Red {
    cause: string;
    /** Answers the backup to verify. */
    make: () => string | Promise<string>;
    says: RegExp;
    mend?: (name: string) => void;
  }
  const reds: Red[] = [
    {
      cause: 'a PVC without data',
      make: () => {
        const [claim] = world.sandbox.cluster.store.list('persistentvolumeclaims', NAMESPACE);
        world.sandbox.cluster.store.create('persistentvolumeclaims', {
          metadata: { name: 'unmounted', namespace: NAMESPACE },
          spec: claim?.['spec'],
        });
        return take({ namespaces: [NAMESPACE], name: 'red' });
      },
      says: /RED pvc\/unmounted: NO DATA: Velero says nothing of its volume\n {4}Next: Without data the volume comes back empty/,
      mend: () => world.sandbox.cluster.store.remove('persistentvolumeclaims', NAMESPACE, 'unmounted'),
    },
    {
      cause: 'a narrow backup',
      make: () => take({ namespaces: [NAMESPACE], includedResources: ['secrets'], name: 'red' }),
      says: /RED workloads: it has no Deployments \(only secrets\)\n {4}Next: Take one of the whole namespace: dr backup create/,
    },
    {
      cause: 'an end that is near',
      make: () => take({ namespaces: [NAMESPACE], ttl: '0h10m0s', name: 'red' }),
      says: /RED expiry: .* old, EXPIRES in .*\n {4}Next: Take a new one now/,
    },
    {
      cause: 'PartiallyFailed',
      make: () => take({ namespaces: [NAMESPACE], name: 'red', outcome: { phase: 'PartiallyFailed', errors: 3 } }),
      says: /RED phase: PartiallyFailed, 3 errors, 0 warnings\n {4}Next: See why: dr backup logs red/,
    },
    {
      cause: 'results that are missing, as a full bucket leaves them',
      make: () => {
        world.sandbox.cluster.velero.faults.file = { path: 'BackupResults/red', instead: undefined };
        return take({ namespaces: [NAMESPACE], name: 'red' });
      },
      says: /RED results: cannot be read: .* does not have the file\n {4}Next: .*is the object store full/,
    },
    {
      cause: 'errors in the results of a backup that says Completed',
      make: () => {
        const instead = JSON.stringify({ errors: { velero: ['upload refused'] }, warnings: {} });
        world.sandbox.cluster.velero.faults.file = { path: 'BackupResults/red', instead };
        return take({ namespaces: [NAMESPACE], name: 'red' });
      },
      says: /RED results: 1 errors, 0 warnings\n {4}Next: Read them: dr backup describe red/,
    },
    {
      cause: 'a location that is ReadOnly',
      make: () => {
        world.sandbox.cluster.velero.storage.setAccessMode('ReadOnly');
        return take({ namespaces: [NAMESPACE], name: 'red' });
      },
      says: /RED storage default: .*ReadOnly.*new backups fail\n {4}Next: Set its accessMode/,
    },
    {
      cause: 'a location that is Unavailable',
      make: () => {
        world.sandbox.cluster.velero.storage.setUnavailable('bucket is gone');
        return take({ namespaces: [NAMESPACE], name: 'red' });
      },
      says: /RED storage default: Unavailable: bucket is gone\n {4}Next: Mend the object store/,
    },
    {
      cause: 'newer backups that failed',
      make: async () => {
        take({ namespaces: [NAMESPACE], name: 'red', outcome: { phase: 'Failed', errors: 1 } });
        return newestDaily();
      },
      says: /RED newer backups: red is Failed\n {4}Next: Backups fail since then; see why: dr backup logs red/,
    },
  ];
  test.each(reds)('verify turns red for $cause, and says what to do', async ({ make, says, mend }) => {
    const name = await make();
    const { code, text } = await dr('verify', name, NAMESPACE);
    expect(text).toMatch(new RegExp(`^NOT OK: ${name} for ${NAMESPACE}: `));
    expect(text).toMatch(says);
    expect(code).toBe(1);
    forget('red');
    mend?.(name);
  });

  test('verify latest of a namespace that no backup holds is red, with the exit code of a failure', async () => {
    const { code, text } = await world.dr(['backup', 'verify', 'latest', 'nowhere', '--json']);
    expect(code).toBe(1);
    const { data } = JSON.parse(text);
    expect(data).toMatchObject({ namespace: 'nowhere', ok: false });
  });
});
