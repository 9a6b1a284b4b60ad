import type { Sandbox } from '../start-sandbox.ts';

/** What every demo is about. */
export const NAMESPACE = 'data-processing';
/** How long each part of a demo may take, ms. */
export const LIMIT_MS = 50_000;
const LOOK_MS = 100;

export async function deleteNamespace({ cluster }: Sandbox): Promise<void> {
  cluster.store.remove('namespaces', undefined, NAMESPACE);
  await until(() => cluster.store.get('namespaces', undefined, NAMESPACE) === undefined);
}

/** The cluster's own word: Deployments whose replicas are not all ready. */
export function findUnready({ cluster }: Sandbox): string[] {
  const deployments = cluster.store.list('deployments.apps', NAMESPACE);
  if (deployments.length === 0) return ['no Deployment is there'];
  return deployments
    .filter(({ spec, status }) => countOf(spec, 'replicas') !== countOf(status, 'readyReplicas'))
    .map(({ metadata }) => `${metadata.name} is not ready`);
}

/** True as soon as it holds, false when it does not within the limit. */
export async function until(holds: () => boolean | Promise<boolean>, limitMs = LIMIT_MS): Promise<boolean> {
  const end = Date.now() + limitMs;
  while (Date.now() < end) {
    if (await holds()) return true;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  return false;
}

export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** As a quotation of what is on the screen. */
export function indent(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '  ');
}

export function fail(why: string): number {
  process.stderr.write(`The demo FAILED: ${why}.\n`);
  return 1;
}

function countOf(part: unknown, field: string): unknown {
  return typeof part === 'object' && part !== null ? Reflect.get(part, field) : undefined;
}
