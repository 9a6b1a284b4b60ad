import { expect, test } from 'vitest';
import { describeOwners, type OwnedObject } from '../../src/domain/describe-owners.ts';

const metadata = (name: string, more: object = {}) => ({
  ...{ name, uid: name, resourceVersion: '1', creationTimestamp: '2026-01-31T03:00:00Z' },
  ...more,
});
const deployment = (name: string, more: object = {}): OwnedObject => ({
  kind: 'Deployment',
  metadata: metadata(name, more),
});
const NOTHING = { objects: [], canaries: [], autoscalers: [], scaledObjects: [] };
const HELM = { 'app.kubernetes.io/managed-by': 'Helm' };
const ARGO = 'Argo CD owns deployment/x: with self-heal it will undo what the restore changes.';

test.each<[string, object, string[]]>([
  ['nothing', {}, []],
  ['a tracking id', { annotations: { 'argocd.argoproj.io/tracking-id': 'a:apps/Deployment:n/x' } }, [ARGO]],
  ['a tracking label of its own', { labels: { 'argocd.argoproj.io/instance': 'a' } }, [ARGO]],
  ['an instance label with argocd in it', { labels: { 'app.kubernetes.io/instance': 'argocd-shop' } }, [ARGO]],
  [
    'an instance label that Argo CD wrote',
    { labels: { 'app.kubernetes.io/instance': 'shop' }, managedFields: [{ manager: 'argocd-controller' }] },
    [ARGO],
  ],
  ['an instance label of any chart', { labels: { 'app.kubernetes.io/instance': 'shop' } }, []],
  [
    "Helm's label",
    { labels: HELM },
    ['Helm owns deployment/x: the next helm upgrade will put its own values over what is restored.'],
  ],
  ['a chart that Argo CD renders', { labels: HELM, annotations: { 'argocd.argoproj.io/tracking-id': 'a' } }, [ARGO]],
  [
    "Flux' Kustomization",
    { labels: { 'kustomize.toolkit.fluxcd.io/name': 'shop' } },
    ['Flux Kustomization owns deployment/x: at its next interval it will put back what Git says.'],
  ],
  [
    "Flux' HelmRelease",
    { labels: { ...HELM, 'helm.toolkit.fluxcd.io/name': 'shop' } },
    ['Flux HelmRelease owns deployment/x: at its next interval it may put back what its chart says.'],
  ],
  [
    'an operator',
    {
      ownerReferences: [
        { apiVersion: 'clickhouse.altinity.com/v1', kind: 'CHI', name: 'ch', uid: 'o', controller: true },
      ],
    },
    ['The operator of CHI ch owns deployment/x: it will make it again what CHI ch says.'],
  ],
  [
    'an owner that is no controller',
    { ownerReferences: [{ apiVersion: 'clickhouse.altinity.com/v1', kind: 'CHI', name: 'ch', uid: 'o' }] },
    [],
  ],
  [
    'a built-in owner',
    { ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'r', uid: 'o', controller: true }] },
    [],
  ],
])('a workload with %s', (_mark, more, expected) => {
  expect(describeOwners({ ...NOTHING, objects: [deployment('x', more)] })).toEqual(expected);
});

test('one sentence for each owner, however much it owns', () => {
  const objects = ['a', 'b', 'c', 'd', 'e'].map((name) => deployment(name, { labels: HELM }));
  expect(describeOwners({ ...NOTHING, objects })).toEqual([
    'Helm owns deployment/a, deployment/b, deployment/c and 2 more: the next helm upgrade will put its own values over what is restored.',
  ]);
});

test("Flagger's primary is the Canary's matter, and KEDA's autoscaler the ScaledObject's", () => {
  const controller = (apiVersion: string, kind: string, name: string) => ({
    ownerReferences: [{ apiVersion, kind, name, uid: 'o', controller: true }],
  });
  const scaleTargetRef = { name: 'x' };
  const sentences = describeOwners({
    objects: [deployment('x-primary', controller('flagger.app/v1beta1', 'Canary', 'x'))],
    canaries: [{ metadata: metadata('x'), spec: { targetRef: { kind: 'Deployment', name: 'x' } } }],
    autoscalers: [
      { metadata: metadata('own'), spec: { scaleTargetRef: { kind: 'StatefulSet', name: 's' } } },
      { metadata: metadata('keda', controller('keda.sh/v1alpha1', 'ScaledObject', 'k')), spec: { scaleTargetRef } },
    ],
    scaledObjects: [{ metadata: metadata('k'), spec: { scaleTargetRef } }],
  });
  expect(sentences).toEqual([
    "Flagger's Canary x targets deployment/x: it serves from x-primary, and a changed pod template starts a new canary.",
    'HorizontalPodAutoscaler own scales statefulset/s: it will change the restored replicas, but does nothing while they are 0.',
    'KEDA ScaledObject k scales deployment/x: it will change the restored replicas, also to 0.',
  ]);
});
