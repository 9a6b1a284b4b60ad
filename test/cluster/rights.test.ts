import { Agent, request } from 'node:https';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  DaemonSet,
  Deployment,
  EndpointSlice,
  type Kind,
  type KubeObject,
  Namespace,
  PersistentVolumeClaim,
  Service,
  StatefulSet,
} from '../../src/domain/kinds.ts';
import {
  MutatingWebhookConfiguration,
  ResourceQuota,
  ValidatingWebhookConfiguration,
} from '../../src/domain/kinds-admission.ts';
import { Canary, HorizontalPodAutoscaler, ScaledObject } from '../../src/domain/kinds-owners.ts';
import {
  Backup,
  BackupStorageLocation,
  DataDownload,
  DownloadRequest,
  PodVolumeRestore,
  Restore,
  Schedule,
  ServerStatusRequest,
} from '../../src/domain/velero.ts';
import { announceSkip } from '../announce-skip.ts';
import { hasKubectl } from '../deploy/manifests.ts';
import { patient } from './contract-kinds.ts';
import { DENIED_CALLS, type DeniedCall } from './denied-calls.ts';
import { type Deployed, startDeployed } from './deployed.ts';

const possible = process.env['KUBEBUILDER_ASSETS'] !== undefined && hasKubectl();
if (!possible)
  announceSkip("Muster's rights on a real kube-apiserver", 'KUBEBUILDER_ASSETS is unset, or there is no kubectl');

const NAMESPACE = 'data-processing';
const VELERO = { namespace: 'velero' };
/** In the disaster the namespace is gone, and with it every RoleBinding that was in it. */
const GONE = { namespace: 'gone' };
const Secret: Kind<KubeObject> = { ...Service, kind: 'Secret', plural: 'secrets', schema: Namespace.schema };

let deployed: Deployed;
let denied = 0;

describe.skipIf(!possible)("Muster's service account on a real kube-apiserver", () => {
  beforeAll(async () => {
    deployed = await startDeployed();
  }, 120_000);
  afterAll(async () => {
    console.log(`rights: ${denied} of ${DENIED_CALLS.length} calls that must be denied were`);
    await deployed.close();
  });
  describe('may look', testLooking);
  describe('may write', testWriting);
  describe('may not', testDenied);
});

function testLooking(): void {
  const inGone: Kind<KubeObject>[] = [
    PersistentVolumeClaim,
    Service,
    ResourceQuota,
    Deployment,
    StatefulSet,
    DaemonSet,
  ];
  const ofOwners: Kind<KubeObject>[] = [Canary, ScaledObject, HorizontalPodAutoscaler, EndpointSlice];
  const webhooks: Kind<KubeObject>[] = [ValidatingWebhookConfiguration, MutatingWebhookConfiguration];
  const ofVelero: Kind<KubeObject>[] = [
    Restore,
    Backup,
    Schedule,
    BackupStorageLocation,
    PodVolumeRestore,
    DataDownload,
  ];
  const lists = [
    ...[...inGone, ...ofOwners].map((kind) => [kind, GONE] as const),
    ...webhooks.map((kind) => [kind, {}] as const),
    ...ofVelero.map((kind) => [kind, VELERO] as const),
    [Secret, { namespace: NAMESPACE }] as const,
  ];

  test.each(lists.map(([kind, scope]) => [kind.plural, kind, scope] as const))('%s', async (_plural, kind, scope) => {
    const listing = deployed.cluster.list(kind, scope, patient());
    // Whether one may is judged before whether it is served; an old server has no discovery.k8s.io/v1 and no autoscaling/v2.
    if (deployed.minor < 23 && ofOwners.slice(2).includes(kind))
      await expect(listing.catch((error: unknown) => error)).resolves.toSatisfy(
        (answer) => Array.isArray(answer) || (answer as { code: string }).code === 'CLUSTER_NOT_SERVED',
      );
    else expect(await listing).toEqual(expect.any(Array));
  });

  test('at the version, the kinds, one namespace, one storage location, and Velero itself', async () => {
    const { cluster } = deployed;
    expect(await cluster.version(patient())).toMatch(/^v1\./);
    expect((await cluster.resources('apps/v1', patient())).length).toBeGreaterThan(3);
    expect((await cluster.read(Namespace, { name: NAMESPACE }, patient()))?.metadata.name).toBe(NAMESPACE);
    for (const [kind, name] of [
      [BackupStorageLocation, 'default'],
      [Restore, 'absent'],
      [Deployment, 'velero'],
      [DaemonSet, 'node-agent'],
    ] as const)
      expect(await cluster.read<KubeObject>(kind, { ...VELERO, name }, patient())).toBeUndefined();
  });

  test("at a runbook's service through the API server: the proxy itself answers that nothing stands behind it", async () => {
    const service = { metadata: { name: 'clickhouse' }, spec: { ports: [{ port: 8123 }] } };
    await deployed.admin.must('POST', `/api/v1/namespaces/${NAMESPACE}/services`, service);
    await deployed.admin.must('POST', `/api/v1/namespaces/${NAMESPACE}/endpoints`, { metadata: service.metadata });
    const target = { namespace: NAMESPACE, service: 'clickhouse', port: 8123, path: '/ping' };
    expect((await deployed.cluster.probe(target, patient())).status).toBe(503);
    const other = deployed.cluster.probe({ ...target, port: 9000 }, patient());
    await expect(other).rejects.toMatchObject({ code: 'CLUSTER_FORBIDDEN' });
  });

  test('at no Secret of a namespace that nobody named: that is forbidden, and says what to allow', async () => {
    const listing = deployed.cluster.list(Secret, { namespace: 'other' }, patient());
    await expect(listing).rejects.toMatchObject({
      code: 'CLUSTER_FORBIDDEN',
      action: expect.stringContaining('verb "list", resource "secrets"'),
    });
  });
}

function testWriting(): void {
  const questions = [
    [DownloadRequest, { target: { kind: 'BackupResourceList', name: 'daily' } }],
    [ServerStatusRequest, {}],
  ] as const;

  test.each(questions.map(([kind, spec]) => [kind.kind, kind, spec] as const))(
    'a %s: ask, read the answer, take it away',
    async (_name, kind, spec) => {
      const ref = { ...VELERO, name: 'muster-0123456789abcdef' };
      const made = await deployed.cluster.create<KubeObject>(kind, { metadata: ref, spec }, patient());
      expect((await deployed.cluster.read<KubeObject>(kind, ref, patient()))?.metadata.uid).toBe(made.metadata.uid);
      await deployed.cluster.remove(kind, { ...ref, uid: made.metadata.uid }, patient());
      expect(await deployed.cluster.read<KubeObject>(kind, ref, patient())).toBeUndefined();
    },
  );

  test('a Restore: create it, find it by its label, and see it change', async () => {
    const { cluster, admin } = deployed;
    const labels = { 'muster.dev/run': 'r1' };
    const spec = { backupName: 'daily', includedNamespaces: [NAMESPACE], existingResourcePolicy: 'none' };
    const manifest = { metadata: { ...VELERO, name: 'dr-r1-restore-1', labels }, spec };
    const made = await cluster.create(Restore, manifest, patient());
    const found = await cluster.list(Restore, { ...VELERO, labelSelector: 'muster.dev/run' }, patient());
    expect(found.map(({ metadata }) => metadata.uid)).toEqual([made.metadata.uid]);
    const began = performance.now();
    const changed = cluster.awaitChange(Restore, made, patient());
    const path = '/apis/velero.io/v1/namespaces/velero/restores/dr-r1-restore-1';
    await admin.must('PUT', path, { ...made, status: { phase: 'InProgress' } });
    await changed;
    // A watch that is refused, too, ends after a second; one that is held for nothing after ten.
    expect(performance.now() - began).toBeLessThan(8_000);
    expect((await cluster.read(Restore, { ...VELERO, name: 'dr-r1-restore-1' }, patient()))?.status?.phase).toBe(
      'InProgress',
    );
    const watch = '/apis/velero.io/v1/namespaces/velero/restores?watch=true&timeoutSeconds=1';
    expect((await ask({ method: 'GET', path: watch, what: 'watch' })).status).toBe(200);
  });
}

function testDenied(): void {
  test.each(DENIED_CALLS.map((call) => [call.what, call] as const))('%s', async (_what, call) => {
    const { status, text } = await ask(call);
    // RBAC's own words: no admission rule, quota or proxy stood in its way instead.
    expect([status, text]).toEqual([403, expect.stringContaining('system:serviceaccount:muster:muster\\" cannot ')]);
    denied += 1;
  });

  test('anything without its token', async () => {
    expect((await ask({ method: 'GET', path: '/api/v1/secrets', what: '' }, 'not-a-token')).status).toBe(401);
  });
}

/** What the API server answers the account, or the bearer of another token. */
async function ask(
  { method, path, body, headers = {} }: DeniedCall,
  token = deployed.account.token,
): Promise<{ status: number; text: string }> {
  const { server, caPem } = deployed.account;
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; text: string }>();
  const sent = request(server + path, {
    method,
    agent: new Agent({ ca: caPem }),
    headers: { authorization: `Bearer ${token}`, 'content-type': contentType(method), ...headers },
    signal: AbortSignal.timeout(10_000),
  });
  sent.on('response', (response) => {
    let text = '';
    response.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    response.on('close', () => resolve({ status: response.statusCode ?? 0, text }));
  });
  sent.on('error', reject).end(body === undefined ? undefined : JSON.stringify(body));
  return promise;
}

function contentType(method: DeniedCall['method']): string {
  return method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
}
