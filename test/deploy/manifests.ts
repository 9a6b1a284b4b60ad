import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { ROOT } from '../architecture/source.ts';

/** A Kubernetes object as a file has it. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; [field: string]: unknown };
  [field: string]: unknown;
}

export const DEPLOY = join(ROOT, 'deploy');
/** The folders that `kubectl apply -k` takes; policies is a component of an overlay. */
export const KUSTOMIZATIONS = ['rights', 'base', 'redis', 'overlays/example'] as const;

/** The one beside the control plane's programs, or the one on the PATH. */
const beside = join(process.env['KUBEBUILDER_ASSETS'] ?? '/nonexistent', 'kubectl');
const KUBECTL = existsSync(beside) ? beside : 'kubectl';

export function hasKubectl(): boolean {
  try {
    execFileSync(KUBECTL, ['kustomize', '--help'], { stdio: 'ignore', timeout: 20_000 });
    return true;
  } catch {
    return false;
  }
}

/** What `kubectl apply -k` would apply, in its order. It throws what kubectl says against it. */
export function renderKustomization(folder: string): Manifest[] {
  return parseManifests(execFileSync(KUBECTL, ['kustomize', folder], { encoding: 'utf8', timeout: 20_000 }));
}

/** The objects in the files of a folder of deploy/, without its kustomization. */
export function readManifests(folder: string): Manifest[] {
  const files = readdirSync(join(DEPLOY, folder)).filter((file) => file.endsWith('.yaml'));
  return files
    .filter((file) => !['kustomization.yaml', 'policy.yaml', 'mounts.yaml'].includes(file))
    .flatMap((file) => parseManifests(readFileSync(join(DEPLOY, folder, file), 'utf8')));
}

export function parseManifests(text: string): Manifest[] {
  return parseAllDocuments(text).map((document) => {
    if ('errors' in document && document.errors.length > 0) throw document.errors[0];
    return (document as { toJS(): Manifest }).toJS();
  });
}

export function findManifest(manifests: readonly Manifest[], kind: string, name: string): Manifest {
  const found = manifests.find((it) => it.kind === kind && it.metadata.name === name);
  if (found === undefined) throw new Error(`there is no ${kind} ${name}`);
  return found;
}

export interface Container {
  name: string;
  image: string;
  env?: { name: string; value?: string; valueFrom?: unknown }[];
  envFrom?: unknown[];
  resources: { requests: Record<string, string>; limits: Record<string, string> };
  securityContext: unknown;
  volumeMounts?: { name: string; mountPath: string }[];
  ports?: { name: string; containerPort: number }[];
  [probe: string]: unknown;
}

export interface PodSpec {
  containers: Container[];
  securityContext: Record<string, unknown>;
  terminationGracePeriodSeconds: number;
  volumes: { name: string }[];
  [field: string]: unknown;
}

/** The pods that a Deployment or StatefulSet makes. */
export function podOf(workload: Manifest): PodSpec {
  return (workload['spec'] as { template: { spec: PodSpec } }).template.spec;
}
