import { afterEach, expect, test } from 'vitest';
import { findCondition } from '../../../sandbox/controllers/conditions.ts';
import { POD_FAULT_ANNOTATION } from '../../../sandbox/controllers/pod-faults.ts';
import { asDeployment, asPods, deploymentDraft, startSmallCluster, statefulSetDraft, until } from './cluster.ts';

let stop: () => void = () => undefined;
afterEach(() => stop());

function start() {
  const cluster = startSmallCluster();
  stop = cluster.controllers.stop;
  return cluster;
}

test('a pod whose claim stays Pending is not scheduled until the claim is Bound', async () => {
  const cluster = start();
  const release = cluster.controllers.holdClaims({ namespace: 'shop' });
  cluster.store.create('statefulsets.apps', statefulSetDraft('db', 1));
  const pod = () => asPods(cluster.store.list('pods', 'shop'))[0];
  const scheduled = await until('a verdict', () => findCondition(pod()?.status?.conditions, 'PodScheduled'));
  expect(scheduled).toMatchObject({ status: 'False', reason: 'Unschedulable' });
  expect(scheduled.message).toContain('unbound immediate PersistentVolumeClaims');
  release();
  await until('the pod to run', () => pod()?.status?.phase === 'Running');
  expect(cluster.store.list('persistentvolumes')).toHaveLength(1);
});

test('a pod waits for a Secret that it needs', async () => {
  const cluster = start();
  const draft = deploymentDraft('web', 1);
  Object.assign(draft.spec.template.spec.containers[0] ?? {}, { envFrom: [{ secretRef: { name: 'key' } }] });
  cluster.store.create('deployments.apps', draft);
  const pod = () => asPods(cluster.store.list('pods', 'shop'))[0];
  const waiting = { reason: 'CreateContainerConfigError', message: 'secret "key" not found' };
  await until('the error', () => JSON.stringify(pod()?.status?.containerStatuses ?? '').includes(waiting.reason));
  expect(pod()?.status?.containerStatuses?.[0]?.state).toEqual({ waiting });
  cluster.store.create('secrets', { metadata: { name: 'key', namespace: 'shop' } });
  const ready = () => asDeployment(cluster.store.get('deployments.apps', 'shop', 'web'))?.status?.readyReplicas;
  await until('the pod to be ready', () => ready() === 1);
});

test.each([
  ['CrashLoopBackOff', 'Running', { waiting: { reason: 'CrashLoopBackOff' } }],
  ['NeverReady', 'Running', { running: {} }],
  ['ImagePullBackOff', 'Pending', { waiting: { reason: 'ImagePullBackOff' } }],
])('an annotation on the template makes pods fail: %s', async (fault, phase, state) => {
  const { store } = start();
  const draft = deploymentDraft('web', 1);
  Object.assign(draft.spec.template.metadata, { annotations: { [POD_FAULT_ANNOTATION]: fault } });
  store.create('deployments.apps', draft);
  const pod = () => asPods(store.list('pods', 'shop'))[0];
  const failed = (found: unknown) => JSON.stringify(found ?? '').includes(JSON.stringify(Object.keys(state)[0]));
  await until('the pod to be tried', () => {
    const container = pod()?.status?.containerStatuses?.[0];
    return failed(container?.state) && !JSON.stringify(container).includes('ContainerCreating');
  });
  expect(pod()?.status?.phase).toBe(phase);
  expect(pod()?.status?.containerStatuses?.[0]).toMatchObject({ ready: false, state });
  expect(findCondition(pod()?.status?.conditions, 'Ready')?.status).toBe('False');
});
