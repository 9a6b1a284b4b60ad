import { afterEach, expect, test } from 'vitest';
import { findCondition } from '../../../sandbox/controllers/conditions.ts';
import type { ControllerOptions } from '../../../sandbox/controllers/start-controllers.ts';
import {
  asDeployment,
  asPods,
  asStatefulSet,
  deploymentDraft,
  startSmallCluster,
  statefulSetDraft,
  until,
} from './cluster.ts';

let stop: () => void = () => undefined;
afterEach(() => stop());

function start(options: ControllerOptions = {}) {
  const cluster = startSmallCluster(options);
  stop = cluster.controllers.stop;
  return cluster;
}

const deployment = (cluster: ReturnType<typeof start>, name: string) =>
  asDeployment(cluster.store.get('deployments.apps', 'shop', name));

function readyDeployment(cluster: ReturnType<typeof start>, name: string, replicas: number) {
  return until(`${name} ready`, () => {
    const found = deployment(cluster, name);
    const done = findCondition(found?.status?.conditions, 'Progressing')?.reason === 'NewReplicaSetAvailable';
    return (
      found?.status?.availableReplicas === replicas && found.status['updatedReplicas'] === replicas && done && found
    );
  });
}

test('a Deployment becomes available through a ReplicaSet and numbered revisions', async () => {
  const cluster = start();
  cluster.store.create('deployments.apps', deploymentDraft('web', 3));
  const web = await readyDeployment(cluster, 'web', 3);
  expect(web.metadata.annotations).toMatchObject({ 'deployment.kubernetes.io/revision': '1' });
  expect(web.status?.observedGeneration).toBe(web.metadata.generation);
  expect(findCondition(web.status?.conditions, 'Available')?.status).toBe('True');
  const [set] = cluster.store.list('replicasets.apps', 'shop');
  const hash = set?.metadata.labels?.['pod-template-hash'];
  expect(set?.metadata.name).toBe(`web-${hash}`);
  for (const pod of cluster.store.list('pods', 'shop')) expect(pod.metadata.labels?.['pod-template-hash']).toBe(hash);
});

test('a new template is rolled out without ever going below the minimum', async () => {
  const cluster = start();
  cluster.store.create('deployments.apps', deploymentDraft('web', 4));
  await readyDeployment(cluster, 'web', 4);
  let least = 4;
  const unsubscribe = cluster.store.subscribe(({ resource, object }) => {
    if (resource === 'deployments.apps') least = Math.min(least, asDeployment(object)?.status?.availableReplicas ?? 4);
  });
  cluster.store.modify('deployments.apps', 'shop', 'web', (object) => {
    const container = asDeployment(object)?.spec.template.spec.containers[0];
    if (container) container.image = 'web:2';
  });
  await until('the old pods to be gone', () => {
    const images = asPods(cluster.store.list('pods', 'shop')).map((pod) => pod.spec.containers[0]?.image);
    return images.length === 4 && images.every((image) => image === 'web:2');
  });
  const web = await readyDeployment(cluster, 'web', 4);
  unsubscribe();
  expect(least).toBeGreaterThanOrEqual(3);
  expect(web.metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('2');
  expect(
    cluster.store
      .list('replicasets.apps', 'shop')
      .map((set) => asDeployment(set)?.spec.replicas)
      .sort(),
  ).toEqual([0, 4]);
});

test('a deleted pod is replaced, and scaling follows spec.replicas down to zero', async () => {
  const cluster = start();
  cluster.store.create('deployments.apps', deploymentDraft('web', 2));
  await readyDeployment(cluster, 'web', 2);
  const victim = cluster.store.list('pods', 'shop')[0];
  cluster.store.remove('pods', 'shop', victim?.metadata.name ?? '');
  await until(
    'the pod to be gone',
    () => !cluster.store.list('pods', 'shop').some((pod) => pod.metadata.uid === victim?.metadata.uid),
  );
  await readyDeployment(cluster, 'web', 2);
  cluster.store.modify('deployments.apps', 'shop', 'web', (object) =>
    Object.assign(object['spec'] as object, { replicas: 0 }),
  );
  await until('no pods', () => cluster.store.list('pods', 'shop').length === 0);
  expect((await readyDeployment(cluster, 'web', 0)).status?.replicas).toBe(0);
});

test('pods that cannot start run into the progress deadline, and heal', async () => {
  const cluster = start();
  const heal = cluster.controllers.failPods({ namespace: 'shop' }, 'ImagePullBackOff');
  cluster.store.create('deployments.apps', deploymentDraft('web', 1, { progressDeadlineSeconds: 1 }));
  const late = await until('the deadline', () => {
    const condition = findCondition(deployment(cluster, 'web')?.status?.conditions, 'Progressing');
    return condition?.reason === 'ProgressDeadlineExceeded' && condition;
  });
  expect(late.status).toBe('False');
  const pod = asPods(cluster.store.list('pods', 'shop'))[0];
  expect(pod?.status?.containerStatuses?.[0]?.state).toMatchObject({ waiting: { reason: 'ImagePullBackOff' } });
  heal();
  expect((await readyDeployment(cluster, 'web', 1)).status?.readyReplicas).toBe(1);
});

test('running pods that crash make the Deployment unavailable but do not undo its rollout', async () => {
  const cluster = start();
  cluster.store.create('deployments.apps', deploymentDraft('web', 1));
  await readyDeployment(cluster, 'web', 1);
  cluster.controllers.failPods({ namespace: 'shop', labels: { app: 'web' } }, 'CrashLoopBackOff');
  const conditions = await until('unavailable', () => {
    const found = deployment(cluster, 'web')?.status?.conditions;
    return findCondition(found, 'Available')?.status === 'False' && found;
  });
  expect(findCondition(conditions, 'Progressing')?.reason).toBe('NewReplicaSetAvailable');
});

test('a quota refuses pods, and the Deployment says so', async () => {
  const cluster = start();
  cluster.store.create('resourcequotas', {
    metadata: { name: 'few', namespace: 'shop' },
    spec: { hard: { pods: '2' } },
  });
  cluster.store.create('deployments.apps', deploymentDraft('web', 3));
  const failure = await until('the refusal', () =>
    findCondition(deployment(cluster, 'web')?.status?.conditions, 'ReplicaFailure'),
  );
  expect(failure.message).toContain('exceeded quota: few, requested: pods=1, used: pods=2, limited: pods=2');
  expect(cluster.store.list('pods', 'shop')).toHaveLength(2);
  cluster.store.remove('resourcequotas', 'shop', 'few');
  await readyDeployment(cluster, 'web', 3);
});

test('orphaned ReplicaSets and pods are adopted, not made again', async () => {
  const cluster = start();
  cluster.store.create('deployments.apps', deploymentDraft('web', 2));
  await readyDeployment(cluster, 'web', 2);
  const uids = cluster.store.list('pods', 'shop').map((pod) => pod.metadata.uid);
  for (const resource of ['pods', 'replicasets.apps']) {
    for (const { metadata } of cluster.store.list(resource, 'shop')) {
      cluster.store.modify(resource, 'shop', metadata.name, (object) => delete object.metadata.ownerReferences);
    }
  }
  await until('all adopted', () =>
    cluster.store.list('pods', 'shop').every((pod) => pod.metadata.ownerReferences?.length === 1),
  );
  expect(cluster.store.list('pods', 'shop').map((pod) => pod.metadata.uid)).toEqual(uids);
  expect(cluster.store.list('replicasets.apps', 'shop')).toHaveLength(1);
});

test('a StatefulSet starts its pods in order, each with a claim that stays when it is scaled down', async () => {
  const cluster = start();
  const started: string[] = [];
  cluster.store.subscribe(({ type, resource, object }) => {
    if (resource === 'pods' && type === 'ADDED') started.push(object.metadata.name);
  });
  cluster.store.create('statefulsets.apps', statefulSetDraft('db', 3));
  const read = () => asStatefulSet(cluster.store.get('statefulsets.apps', 'shop', 'db'));
  await until('db ready', () => read()?.status?.readyReplicas === 3);
  expect(started).toEqual(['db-0', 'db-1', 'db-2']);
  expect(read()?.status?.currentRevision).toBe(read()?.status?.['updateRevision']);
  const claims = cluster.store.list('persistentvolumeclaims', 'shop');
  expect(claims.map(({ metadata }) => metadata.name)).toEqual(['data-db-0', 'data-db-1', 'data-db-2']);
  expect(claims.every((claim) => statusPhase(claim) === 'Bound')).toBe(true);
  cluster.store.modify('statefulsets.apps', 'shop', 'db', (object) =>
    Object.assign(object['spec'] as object, { replicas: 1 }),
  );
  await until('one pod', () => cluster.store.list('pods', 'shop').length === 1);
  expect(cluster.store.list('persistentvolumeclaims', 'shop')).toHaveLength(3);
});

test('a StatefulSet rolls a new template out from the last pod to the first', async () => {
  const cluster = start();
  cluster.store.create('statefulsets.apps', statefulSetDraft('db', 2));
  const read = () => asStatefulSet(cluster.store.get('statefulsets.apps', 'shop', 'db'));
  await until('db ready', () => read()?.status?.readyReplicas === 2);
  const gone: string[] = [];
  cluster.store.subscribe(({ type, resource, object }) => {
    if (resource === 'pods' && type === 'DELETED') gone.push(object.metadata.name);
  });
  cluster.store.modify('statefulsets.apps', 'shop', 'db', (object) => {
    const container = asStatefulSet(object)?.spec.template.spec.containers[0];
    if (container) container.image = 'db:2';
  });
  await until(
    'rolled out',
    () => gone.length === 2 && read()?.status?.['updatedReplicas'] === 2 && read()?.status?.readyReplicas === 2,
  );
  expect(gone).toEqual(['db-1', 'db-0']);
  expect(read()?.status?.currentRevision).toBe(read()?.status?.['updateRevision']);
});

test('a DaemonSet has a pod on every node', async () => {
  const cluster = start();
  cluster.store.create('nodes', { metadata: { name: 'node-b' } });
  cluster.store.create('daemonsets.apps', deploymentDraft('agent', 1));
  await until(
    'two ready',
    () => asDeployment(cluster.store.get('daemonsets.apps', 'shop', 'agent'))?.status?.['numberReady'] === 2,
  );
  expect(
    asPods(cluster.store.list('pods', 'shop'))
      .map((pod) => pod.spec.nodeName)
      .sort(),
  ).toEqual(['node-a', 'node-b']);
});

function statusPhase(object: { [field: string]: unknown }): string | undefined {
  return (object['status'] as { phase?: string } | undefined)?.phase;
}
