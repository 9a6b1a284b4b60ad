import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { POD_LOG_ANNOTATION } from '../../sandbox/cluster/pod-log.ts';
import { canTravel, eventually, NAMESPACE, openWorld, type World } from './world.ts';

const SERVICE = 'normalization-service';

describe.skipIf(!canTravel)('dr health, events and logs', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world.close());

  const type = (...words: string[]) => world.inside.type(words);
  const podsOf = (name: string) =>
    world.sandbox.cluster.store
      .list('pods', NAMESPACE)
      .filter(({ metadata }) => metadata.name.startsWith(`${name}-`))
      .map(({ metadata }) => metadata.name);

  test('health: the verdict first; all is well, and what was not checked is said', async () => {
    const { code, text } = await type('health', NAMESPACE);
    expect(text).toMatch(
      /^HEALTHY: data-processing: (\d+) of \1 workloads ready, (\d+) of \2 services with endpoints, all PVCs Bound, 5 of 5 health checks pass\.$/m,
    );
    expect(code).toBe(0);
    const all = await type('health');
    expect(all.text).toMatch(/^HEALTHY: all \d+ namespaces\.$/m);
  });

  test('health: a crash that grep -v Running hides is named with its reason and last exit', async () => {
    const heal = world.sandbox.cluster.controllers.failPods(
      { namespace: NAMESPACE, labels: { app: SERVICE } },
      'CrashLoopBackOff',
    );
    const text = await eventually('the crash shows', async () => {
      const { code, text } = await type('health', NAMESPACE);
      return code === 1 && text.includes('CrashLoopBackOff') && text.includes('no ready endpoint') ? text : undefined;
    });
    const phases = world.sandbox.cluster.store
      .list('pods', NAMESPACE)
      .map((pod) => (pod['status'] as { phase: string }).phase);
    expect(new Set(phases)).toEqual(new Set(['Running']));
    expect(text).toMatch(/^NOT HEALTHY: data-processing: /);
    expect(text).toMatch(new RegExp(`RED deployment/${SERVICE}: 0/3 replicas available`));
    expect(text).toMatch(new RegExp(`RED service/${SERVICE}: no ready endpoint`));
    expect(text).toMatch(
      new RegExp(
        `RED pod/${SERVICE}-\\S+: \\S+: CrashLoopBackOff, .*, restarted 4 times; last exit: Error \\(exit code 1\\), `,
      ),
    );
    const all = await type('health');
    expect(all.text).toMatch(/^NOT HEALTHY: 1 of \d+ namespaces\.\nNOT HEALTHY: data-processing/);
    const logs = await type('logs', NAMESPACE, SERVICE);
    expect(logs.text).toMatch(/ before its last restart \(not ready, CrashLoopBackOff, restarted 4 times\): 1 line$/m);
    heal();
    await eventually('it is well again', async () => ((await type('health', NAMESPACE)).code === 0 ? true : undefined));
  });

  test('health: a failing health check, an unbound PVC, and a namespace that is not there', async () => {
    const { services, store, controllers } = world.sandbox.cluster;
    services.set(NAMESPACE, SERVICE, { status: 503, body: '' });
    const release = controllers.holdClaims({ namespace: NAMESPACE });
    const [claim] = store.list('persistentvolumeclaims', NAMESPACE);
    store.create('persistentvolumeclaims', {
      metadata: { name: 'late', namespace: NAMESPACE },
      spec: { ...(claim?.['spec'] as object), volumeName: undefined },
    });
    const { code, text } = await type('health', NAMESPACE);
    expect(code).toBe(1);
    expect(text).toContain(`RED health ${SERVICE}:8080/health: HTTP 503`);
    expect(text).toContain('RED pvc/late: Pending');
    store.remove('persistentvolumeclaims', NAMESPACE, 'late');
    release();
    services.set(NAMESPACE, SERVICE, 'ok');
    const gone = await type('health', 'nowhere');
    expect(gone).toMatchObject({ code: 1, text: expect.stringContaining('NOT HEALTHY: nowhere does not exist.') });
  });

  test('events: warnings first, by when they were really seen last, the same said often once, redacted', async () => {
    const { store } = world.sandbox.cluster;
    const at = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
    const add = (name: string, event: object) =>
      store.create('events.events.k8s.io', {
        metadata: { name, namespace: NAMESPACE },
        type: 'Normal',
        reason: 'Pulled',
        regarding: { kind: 'Pod', name: 'web-1' },
        note: 'Container image "web:1" already present',
        ...event,
      });
    add('a', { eventTime: at(2) });
    const back = { type: 'Warning', reason: 'BackOff', note: 'Back-off restarting' };
    add('b', { ...back, eventTime: at(50), series: { count: 7, lastObservedTime: at(9) } });
    add('c', { ...back, deprecatedLastTimestamp: at(20), deprecatedCount: 3 });
    add('d', { type: 'Warning', reason: 'Failed', note: 'pull https://me:hunter2@hub failed', eventTime: at(30) });
    const { code, text } = await type('events', NAMESPACE);
    expect(code).toBe(0);
    expect(text.split('\n')).toEqual([
      `2 warnings and 1 others in ${NAMESPACE}.`,
      expect.stringMatching(/^WARNING 9 min ago BackOff pod\/web-1 \(10 times\): Back-off restarting$/),
      expect.stringMatching(/^WARNING 30 min ago Failed pod\/web-1: pull https:\/\/me:\[redacted\]@hub failed$/),
      expect.stringMatching(/^normal 2 min ago Pulled pod\/web-1: Container image "web:1" already present$/),
    ]);
    const one = await type('events', NAMESPACE, '--limit', '1');
    expect(one.text.split('\n').at(-1)).toBe(`… and 2 more: dr events ${NAMESPACE} --limit 3`);
    expect((await type('events', 'quiet')).text).toContain('No event in quiet; ');
  });

  test('logs: every pod and container of a workload, each with its own heading', async () => {
    const { code, text } = await type('logs', NAMESPACE, SERVICE);
    expect(code).toBe(0);
    const pods = podsOf(SERVICE);
    expect(pods.length).toBe(3);
    for (const pod of pods) {
      expect(text).toContain(`==> pod/${pod} `);
      expect(text).toContain(`started in ${NAMESPACE}/${pod}`);
    }
    expect(world.writes()).toEqual([]);
  });

  test('logs: the tail only, redacted, and what is looked for is looked for when the secrets are out', async () => {
    const [pod = ''] = podsOf('clickhouse');
    const lines = ['old', 'ERROR one', '\u001b[31mpassword=hunter2 error two\u001b[0m', 'fine'];
    world.sandbox.cluster.store.modify('pods', NAMESPACE, pod, (object) => {
      object.metadata.annotations = { ...object.metadata.annotations, [POD_LOG_ANNOTATION]: `${lines.join('\n')}\n` };
    });
    const { text } = await type('logs', NAMESPACE, pod, '--tail', '3', '--grep', 'error');
    const [first, second] = text
      .split('\n')
      .slice(-8)
      .filter((line) => / error |ERROR/.test(line));
    expect([first, second]).toEqual(['ERROR one', 'password=[redacted] error two']);
    expect(text).not.toContain('old');
    expect((await type('logs', NAMESPACE, `pod/${pod}`, '--grep', 'hunter')).text).toContain(
      `0 lines with "hunter" among the newest 8 of 1 pod of ${NAMESPACE}/pod/${pod}.`,
    );
  });

  test.each([
    ['-1', '--tail must be a number from 1 to 2000, not "-1".'],
    ['0', '--tail must be a number from 1 to 2000, not "0".'],
    ['--grep', '--tail needs a value.'],
    ['', '--tail must be a number from 1 to 2000, not "".'],
  ])('logs --tail %j is refused with a sentence of ours', async (tail, sentence) => {
    const { code, text } = await type('logs', NAMESPACE, 'clickhouse', '--tail', tail);
    expect(code).toBe(1);
    expect(text.split('\n')[0]).toBe(sentence);
    const last = await type('logs', NAMESPACE, 'clickhouse', '--tail');
    expect(last.text).toMatch(/^--tail needs a value\.\nNext: /);
  });

  test('logs: who may not ask for a run there sees none; what is not there is suggested', async () => {
    const refused = await type('logs', 'elsewhere', 'web');
    expect(refused.text).toContain('The policy does not let engineers request on sandbox/elsewhere.');
    const { code, text } = await type('logs', NAMESPACE, 'normalisation-service');
    expect(code).toBe(1);
    expect(text).toContain(`did you mean "${SERVICE}"?`);
    expect((await type('logs', NAMESPACE, SERVICE, '--since', 'noon')).text).toContain(
      '--since "noon" must be a duration',
    );
  });

  test('an API that does not answer is an error, never a well namespace', async () => {
    world.sandbox.cluster.api.faults.add({ kind: 'status', code: 503 });
    for (const words of [['health', NAMESPACE], ['health'], ['events', NAMESPACE], ['logs', NAMESPACE, SERVICE]]) {
      const { code, text } = await type(...words);
      expect(code).toBe(1);
      expect(text).toContain('answered 503');
    }
    world.sandbox.cluster.api.faults.clear();
  });
});
