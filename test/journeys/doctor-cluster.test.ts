import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askDoctor, LATE } from './doctor-bench.ts';
import { canTravel, eventually, openWorld, type World } from './world.ts';

type Store = World['sandbox']['cluster']['store'];
const SCHEDULES = 'schedules.velero.io';
const BACKUPS = 'backups.velero.io';
const HOURLY = 'sandbox: schedule hourly-incremental';

describe.skipIf(!canTravel)('dr doctor: the cluster, Velero and its backups', () => {
  let world: World;
  let store: Store;
  beforeAll(async () => {
    world = await openWorld({ slack: true });
    store = world.sandbox.cluster.store;
  });
  afterAll(() => world.close());

  test('a right that is not given', async () => {
    const { faults } = world.sandbox.cluster.api;
    const heal = faults.add({ kind: 'refuse', match: { verb: 'watch', resource: 'restores.velero.io' } });
    const told = await askDoctor(world);
    heal();
    expect(told.of('red')).toEqual(['sandbox: rights']);
    expect(told.about('sandbox: rights')).toBe(
      'not given: watch restores.velero.io in velero / Give them to this identity: kubectl apply -k deploy/rights',
    );
  });

  test('a service that the checks of a runbook may not ask', async () => {
    const match = { verb: 'get', resource: 'services/proxy', name: 'http:clickhouse:8123' };
    const heal = world.sandbox.cluster.api.faults.add({ kind: 'refuse', match });
    const told = await askDoctor(world);
    heal();
    expect(told.of('red')).toEqual(['sandbox: rights']);
    expect(told.about('sandbox: rights')).toMatch(/get services\/proxy http:clickhouse:8123 .*health-checks\.yaml/);
  });

  test('Secrets that may not be listed in a namespace are a warning', async () => {
    const match = { verb: 'list', resource: 'secrets', path: /namespaces\/monitoring/ };
    const heal = world.sandbox.cluster.api.faults.add({ kind: 'refuse', match });
    const told = await askDoctor(world);
    heal();
    expect(told.of('red')).toEqual([]);
    expect(told.of('warning')).toEqual(['pagerduty', 'checks declared', 'sandbox: reading namespaces', ...LATE]);
    expect(told.about('sandbox: reading namespaces')).toMatch(/listed in monitoring: .*muster-namespace-reader/);
  });

  test('Velero does not reconcile', async () => {
    world.sandbox.cluster.velero.faults.down = true;
    const told = await askDoctor(world);
    world.sandbox.cluster.velero.faults.down = undefined;
    expect(told.of('red')).toEqual(['sandbox: velero']);
    expect(told.about('sandbox: velero')).toMatch(/not reconciling.*kubectl -n velero logs deployment\/velero/);
    expect(store.list('serverstatusrequests.velero.io', 'velero')).toEqual([]);
  });

  test('a Velero that Muster does not know is unchecked, one with a known defect is a warning', async () => {
    const { faults } = world.sandbox.cluster.velero;
    faults.version = 'v1.13.2';
    const old = await askDoctor(world);
    faults.version = 'v1.17.0';
    const defect = await askDoctor(world);
    faults.version = undefined;
    expect([old.of('red'), old.of('unchecked')]).toEqual([[], ['sandbox: velero']]);
    expect(defect.of('warning')).toEqual(['pagerduty', 'checks declared', ...LATE, 'sandbox: velero']);
    expect(defect.about('sandbox: velero')).toContain('Upgrade to v1.17.1');
  });

  test('node agents that are not ready', async () => {
    const { controllers } = world.sandbox.cluster;
    const heal = controllers.failPods({ namespace: 'velero', labels: { name: 'node-agent' } }, 'NeverReady');
    const ready = () => store.get('daemonsets.apps', 'velero', 'node-agent')?.['status'] as { numberReady: number };
    await eventually('none is ready', () => ready().numberReady === 0 || undefined);
    const told = await askDoctor(world);
    heal();
    await eventually('all are ready', () => ready().numberReady === 3 || undefined);
    expect(told.of('red')).toEqual(['sandbox: node agents']);
    expect(told.about('sandbox: node agents')).toMatch(/0 of 3 ready.*kubectl -n velero get pods/);
  });

  test('storage that is unavailable is red, ReadOnly a warning', async () => {
    const { storage } = world.sandbox.cluster.velero;
    storage.setUnavailable('bucket not found');
    const gone = await askDoctor(world);
    storage.setAvailable();
    storage.setAccessMode('ReadOnly');
    const readOnly = await askDoctor(world);
    storage.setAccessMode('ReadWrite');
    expect(gone.of('red')).toEqual(['sandbox: storage default']);
    expect(gone.about('sandbox: storage default')).toMatch(/bucket not found \/ Check its bucket and credentials/);
    expect(readOnly.of('red')).toEqual([]);
    expect(readOnly.of('warning')).toEqual(['pagerduty', 'checks declared', ...LATE, 'sandbox: storage default']);
  });

  test('a schedule that is paused is a warning, one that Velero does not accept is red', async () => {
    const paused = await withChange(SCHEDULES, 'hourly-incremental', (it) => {
      it.spec['paused'] = true;
    });
    expect([paused.of('red'), paused.of('warning')]).toEqual([[], ['pagerduty', 'checks declared', ...LATE, HOURLY]]);
    expect(paused.about(HOURLY)).toContain('velero -n velero schedule unpause hourly-incremental');
    const invalid = await withChange(SCHEDULES, 'hourly-incremental', (it) => {
      Object.assign(it.status, { phase: 'FailedValidation', validationErrors: ['ttl is no duration'] });
    });
    expect(invalid.of('red')).toEqual([HOURLY]);
    expect(invalid.about(HOURLY)).toContain('ttl is no duration');
  });

  test('the newest backup of a schedule expires before the next is sure', async () => {
    const newest = namesOf('hourly-incremental')[0] ?? '';
    const told = await withChange(BACKUPS, newest, (it) => {
      it.status['expiration'] = new Date(Date.now() + 40 * 60_000).toISOString();
    });
    expect([told.of('red'), told.of('warning')]).toEqual([[], ['pagerduty', 'checks declared', ...LATE, HOURLY]]);
    expect(told.about(HOURLY)).toMatch(/expires in 39 min.*spec\.template\.ttl/);
  });

  test('a schedule whose backups fail', async () => {
    const heal = namesOf('hourly-incremental')
      .slice(0, 3)
      .map((name) => change(BACKUPS, name, (it) => Object.assign(it.status, { phase: 'Failed' })));
    const told = await askDoctor(world);
    for (const undo of heal) undo();
    expect(told.of('red')).toEqual([HOURLY]);
    expect(told.about(HOURLY)).toMatch(
      /a loss now costs 3 h 3\d min; the newest is Failed, by its plan 1 h at most .* backup logs/,
    );
  });

  test('a backup that is half an hour old is no warning any more, one of 61 minutes is', async () => {
    const { velero } = world.sandbox.cluster;
    const startedAt = new Date(world.inside.clock.now() - 30 * 60_000);
    const { metadata } = velero.takeBackup({ name: 'fresh', namespaces: ['data-processing'], startedAt });
    const fresh = await askDoctor(world);
    world.inside.clock.move(31 * 60_000);
    const late = await askDoctor(world);
    world.inside.clock.reset();
    store.remove(BACKUPS, 'velero', metadata.name);
    const [line = '', other = ''] = LATE;
    expect(fresh.of('warning')).toEqual(['pagerduty', 'checks declared', other]);
    expect(fresh.about(line)).toMatch(
      /from fresh: everything written in the last 30 min .* \(within the 60 min target\)/,
    );
    expect(late.of('warning')).toContain(line);
    expect(late.about(line)).toMatch(
      /last 1 h 1 min .* \(OVER the 60 min target\) \/ .*dr backup create data-processing/,
    );
  });

  test('storage that Velero has not looked at for long is unchecked, and what it said then is not believed', async () => {
    const location = store.get('backupstoragelocations.velero.io', 'velero', 'default');
    const { name } = store.create('backupstoragelocations.velero.io', {
      metadata: { name: 'offsite', namespace: 'velero' },
      spec: { ...(location?.['spec'] as object), default: false },
      status: { phase: 'Available', lastValidationTime: new Date(Date.now() - 600_000).toISOString() },
    }).metadata;
    const told = await askDoctor(world);
    store.remove('backupstoragelocations.velero.io', 'velero', name);
    expect([told.of('red'), told.of('unchecked')]).toEqual([[], ['sandbox: storage offsite']]);
    expect(told.about('sandbox: storage offsite')).toMatch(
      /not validated for 10 min: is Velero alive\? \/ See when it was validated last: kubectl -n velero describe/,
    );
    expect(told.of('ok')).toContain('sandbox: storage default');
  });

  test('a namespace that no backup can bring back', async () => {
    const heal = store
      .list(BACKUPS, 'velero')
      .map(({ metadata }) =>
        change(BACKUPS, metadata.name, (it) => Object.assign(it.spec, { excludedNamespaces: ['monitoring'] })),
      );
    const told = await askDoctor(world);
    for (const undo of heal) undo();
    expect(told.of('red')).toEqual(['sandbox: recovery of monitoring']);
    expect(told.about('sandbox: recovery of monitoring')).toContain(
      'velero backup create --include-namespaces monitoring',
    );
  });

  test('the cluster down, or hanging: one red line, and the rest is told within 20 s', async () => {
    const { faults } = world.sandbox.cluster.api;
    await faults.down();
    const down = await askDoctor(world);
    await faults.up();
    expect(down.of('red')).toEqual(['sandbox: cluster']);
    expect(down.of('ok')).toEqual(expect.arrayContaining(['redis', 'slack', 'policy', 'clock']));
    faults.add({ kind: 'timeout' });
    const began = performance.now();
    const hanging = await askDoctor(world);
    faults.clear();
    expect(performance.now() - began).toBeLessThan(20_000);
    expect(hanging.of('red')).toEqual(['sandbox: cluster']);
    expect(hanging.of('ok')).toEqual(expect.arrayContaining(['redis', 'slack', 'policy']));
  }, 60_000);

  interface Changed {
    spec: Record<string, unknown>;
    status: Record<string, unknown>;
  }

  /** Changes one of Velero's objects; returns the way back. */
  function change(resource: string, name: string, how: (object: Changed) => void): () => void {
    const before = structuredClone(store.get(resource, 'velero', name)) as unknown as Changed;
    store.modify(resource, 'velero', name, (object) => how(object as unknown as Changed));
    return () =>
      void store.modify(resource, 'velero', name, (object) =>
        Object.assign(object, { spec: before.spec, status: before.status }),
      );
  }

  async function withChange(resource: string, name: string, how: (object: Changed) => void) {
    const undo = change(resource, name, how);
    try {
      return await askDoctor(world);
    } finally {
      undo();
    }
  }

  /** Its backups, newest first. */
  function namesOf(schedule: string): string[] {
    return store
      .list(BACKUPS, 'velero')
      .filter(({ metadata }) => metadata.labels?.['velero.io/schedule-name'] === schedule)
      .map(({ metadata }) => metadata.name)
      .sort()
      .reverse();
  }
});
