import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeVolume } from '../../sandbox/controllers/volume-data.ts';
import { TICKS } from '../../sandbox/seed/clickhouse.ts';
import { cutFrom, writeRunbooks } from './runbooks.ts';
import { approve, ask, loseNamespace, planOf, until } from './story.ts';
import { canTravel, NAMESPACE, openWorld, type World } from './world.ts';

/** One service's health, so that what is wrong with ClickHouse is found by its data; little patience. */
const DECLARED = `health:
  - { namespace: ${NAMESPACE}, service: normalization-service, port: 8080, path: /health }
data:
  - name: ticks are there
    namespace: ${NAMESPACE}
    service: clickhouse
    port: 8123
    path: /?query=SELECT%20count()%20FROM%20${TICKS.table}
    atLeast: 1000000
  - name: ticks are of the last day
    service: clickhouse
    port: 8123
    path: /?query=SELECT%20toUnixTimestamp(max(ts))%20FROM%20${TICKS.table}
    newerThan: 26h
  - name: elsewhere
    namespace: shop
    service: nothing
    port: 1
    path: /
    equals: never
`;

describe.skipIf(!canTravel)('what the runbook says of the data is held against it', () => {
  let world: World;
  const runbooks = writeRunbooks((text) => cutFrom(text, 'health:').replace('timeout: 2m', 'timeout: 3s') + DECLARED);
  beforeAll(async () => {
    world = await openWorld({ env: { RUNBOOKS_DIR: runbooks.folder } });
    await world.inside.startBot();
  });
  afterAll(async () => {
    runbooks.remove();
    await world.close();
  });

  async function restore(end: 'succeeded' | 'failed', ...words: string[]): Promise<string[]> {
    await loseNamespace(world);
    const run = await ask(world, ['restore', 'namespace', NAMESPACE, ...words]);
    await approve(world, run, await planOf(world, run));
    await until(world, run, end);
    const { text } = await world.inside.type(['status', run]);
    return text.split('\n').slice(2);
  }

  test('it holds: the plan announces it, and the report says what was seen', async () => {
    await loseNamespace(world);
    const dry = await world.inside.type(['restore', 'namespace', NAMESPACE, '--dry-run']);
    expect(dry.text).toContain('Then the data must show: "ticks are there", "ticks are of the last day".');
    expect(dry.text).not.toContain('NOT checked');
    const lines = await restore('succeeded');
    expect(lines[0]).toMatch(/^RECOVERED and verified: data-processing, \d+ checks passed\.$/);
    expect(lines).toContain(`  ok   data "ticks are there": ${TICKS.rows}, at least 1000000`);
    expect(lines.join('\n')).toMatch(
      / {2}ok {3}data "ticks are of the last day": .*Z, 9 h .* before the request, within 26h/,
    );
  });

  test('too few rows', async () => {
    const { store, velero } = world.sandbox.cluster;
    await world.sandbox.cluster.seed();
    const claim = store.get('persistentvolumeclaims', NAMESPACE, 'data-clickhouse-0');
    if (claim === undefined) throw new Error('there is no claim');
    writeVolume(store, claim, { [TICKS.table]: { rows: 3, newest: Math.floor(Date.now() / 1_000) } });
    velero.takeBackup({ name: 'thin', namespaces: [NAMESPACE] });
    const lines = await restore('failed', '--from', 'thin');
    expect(lines[0]).toContain(
      'NOT RECOVERED: 1 of 2 data assertions do not hold: data "ticks are there": 3, fewer than the 1000000 it must be at least.',
    );
  });

  test('too old', async () => {
    const lines = await restore('failed', '--schedule', 'weekly-full-backup');
    expect(lines[0]).toMatch(
      /^NOT RECOVERED: 1 of 2 data assertions do not hold: data "ticks are of the last day": .*, 3 d .* before the request: older than 26h\. Next: The data is not what it must be/,
    );
  });

  test('the volume came back empty: its table is not there, and the plan and the report say that the backup held no data', async () => {
    const { store, velero } = world.sandbox.cluster;
    await world.sandbox.cluster.seed();
    for (const name of ['clickhouse', 'postgresql'])
      store.modify('statefulsets.apps', NAMESPACE, name, (it) => Object.assign(it['spec'] as object, { replicas: 0 }));
    await expect.poll(() => store.get('pods', NAMESPACE, 'clickhouse-0')).toBeUndefined();
    await expect.poll(() => store.get('pods', NAMESPACE, 'postgresql-0')).toBeUndefined();
    velero.takeBackup({ name: 'bare', namespaces: [NAMESPACE] });
    await loseNamespace(world);
    const dry = await world.inside.type(['restore', 'namespace', NAMESPACE, '--from', 'bare', '--dry-run']);
    expect(dry.text.split('\n')[0]).toContain(
      'WITHOUT data: data-clickhouse-0, data-postgresql-0 (the backup holds none).',
    );
    // ClickHouse is scaled to 0, so nobody answers: that is no pass.
    const lines = await restore('failed', '--from', 'bare');
    expect(lines[0]).toMatch(
      /^NOT RECOVERED: .*data "ticks are there": HTTP 503: "no endpoints available for service "clickhouse""/,
    );
  });

  test.each([
    [
      'an answer that cannot be read',
      { status: 200, body: '<html>ticks</html>' },
      'the answer is no number: "<html>ticks</html>"',
    ],
    ['a service that is down', { status: 503, body: 'no upstream' }, 'data "ticks are there": HTTP 503: "no upstream"'],
  ])('%s', async (_what, behaviour, sentence) => {
    const { services } = world.sandbox.cluster;
    services.set(NAMESPACE, 'clickhouse', behaviour);
    const lines = await restore('failed', '--schedule', 'daily-full-backup');
    services.set(NAMESPACE, 'clickhouse', 'ok');
    expect(lines[0]).toMatch(/^NOT RECOVERED: /);
    expect(lines[0]).toContain(sentence);
  });

  test('an API that cannot be reached is asked again, and nothing is taken for well meanwhile', async () => {
    const { faults, requests } = world.sandbox.cluster.api;
    const asked = () => requests().filter(({ path }) => path.endsWith('clickhouse:8123/proxy/')).length;
    const before = asked();
    faults.add({ kind: 'reset', match: { resource: 'services/proxy', name: /clickhouse/ }, times: 3 });
    const lines = await restore('succeeded', '--schedule', 'daily-full-backup');
    expect(lines).toContain(`  ok   data "ticks are there": ${TICKS.rows}, at least 1000000`);
    // Two at a time: cut twice, then well; and once more at the verification.
    expect(asked() - before).toBeGreaterThanOrEqual(6);
  });
});

describe.skipIf(!canTravel)('a runbook that declares nothing', () => {
  test('the shipped steps: health and data are said to be unchecked in the first lines of the plan and the report', async () => {
    const runbooks = writeRunbooks((text) => cutFrom(text, 'health:'));
    const world = await openWorld({ env: { RUNBOOKS_DIR: runbooks.folder } });
    try {
      await world.inside.startBot();
      await loseNamespace(world);
      const dry = await world.inside.type(['restore', 'namespace', NAMESPACE, '--dry-run']);
      expect(dry.text.split('\n')[0]).toMatch(/\(dry run\)\. health NOT checked, data NOT checked\.$/);
      const run = await ask(world);
      await approve(world, run, await planOf(world, run));
      await until(world, run, 'succeeded');
      const lines = (await world.inside.type(['status', run])).text.split('\n').slice(2);
      expect(lines[0]).toMatch(
        /^RECOVERED and verified: data-processing, \d+ checks passed\. NOT checked: health, data\.$/,
      );
      expect(lines.slice(1, 3)).toEqual([
        `  health NOT checked: the runbook declares none for ${NAMESPACE}`,
        `  data NOT checked: the runbook declares no assertion for ${NAMESPACE}`,
      ]);
    } finally {
      runbooks.remove();
      await world.close();
    }
  });

  test('steps that verify nothing: the run fails', async () => {
    const runbooks = writeRunbooks(
      () => `title: Look
summary: Looks and proves nothing.
command: restore namespace
params:
  namespace: { type: namespace, required: true }
target: { namespace: '\${namespace}' }
deadline: 5m
steps:
  - { id: health, uses: http.check, with: { namespace: '\${namespace}' } }
  - { id: data, uses: data.check, with: { namespace: '\${namespace}' } }
`,
    );
    const world = await openWorld({ env: { RUNBOOKS_DIR: runbooks.folder } });
    try {
      world.startBot();
      const { code, text } = await world.dr(['restore', 'namespace', NAMESPACE, '--wait']);
      expect(text).toContain('CHECK FAILED: Not verified: nothing could be checked.');
      expect(text).not.toMatch(/RECOVERED/);
      expect(code).toBe(1);
    } finally {
      runbooks.remove();
      await world.close();
    }
  });
});
