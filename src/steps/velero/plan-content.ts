import { z } from 'zod';
import type { StepContext } from '../../contracts.ts';
import {
  type ContentPlan,
  compareContent,
  type LiveContent,
  type LiveObject,
  selectRestorable,
} from '../../domain/compare-content.ts';
import { type Kind, type KubeObject, Namespace, ObjectMeta } from '../../domain/kinds.ts';
import type { ListedObject } from '../../domain/velero-files.ts';
import { isDrError } from '../../errors.ts';
import type { Cluster, ServedResource } from '../../ports.ts';

const Anything = z.looseObject({ metadata: ObjectMeta });

type KindName = Pick<ListedObject, 'apiVersion' | 'kind'>;

/** What the restore will create and what it will leave, object by object, from the backup's list and what is live. */
export async function planContent(
  context: StepContext<unknown>,
  objects: readonly ListedObject[],
  { source, destination }: { source: string; destination: string },
): Promise<ContentPlan> {
  const listed = selectRestorable(objects, source);
  return compareContent(listed, await listLive(context, destination, listed));
}

/** Every object of these kinds in a namespace; none where the namespace does not exist. What may not be listed is said, not taken for none. */
export async function listLive(
  { cluster, signal }: StepContext<unknown>,
  namespace: string,
  wanted: readonly KindName[],
): Promise<LiveContent> {
  const exists = (await cluster.read(Namespace, { name: namespace }, signal)) !== undefined;
  const versions = [...new Set(wanted.map(({ apiVersion }) => apiVersion))];
  const served = new Set<string>();
  const live: LiveObject[] = [];
  const unseen = new Map<string, string>();
  await Promise.all(
    versions.map(async (apiVersion) => {
      const kinds = new Set(wanted.filter((it) => it.apiVersion === apiVersion).map(({ kind }) => kind));
      for (const { kind, plural, namespaced } of await cluster.resources(apiVersion, signal)) {
        served.add(`${apiVersion}/${kind}`);
        if (!exists || !namespaced || !kinds.has(kind)) continue;
        const found = await listIfAllowed(cluster, { apiVersion, kind, plural, namespaced }, namespace, signal);
        if (typeof found === 'string') unseen.set(`${apiVersion}/${kind}`, found);
        else live.push(...found);
      }
    }),
  );
  return { objects: live, served, unseen };
}

/** The objects of one kind; or, where Muster may not list them, what a human does about that. */
async function listIfAllowed(
  cluster: Cluster,
  resource: ServedResource & { apiVersion: string },
  namespace: string,
  signal: AbortSignal,
): Promise<LiveObject[] | string> {
  const { apiVersion, kind } = resource;
  try {
    const found = await cluster.list<KubeObject>(
      { ...resource, schema: Anything } satisfies Kind<KubeObject>,
      { namespace },
      signal,
    );
    return found.map(({ metadata }) => ({ apiVersion, kind, name: metadata.name, uid: metadata.uid }));
  } catch (thrown) {
    if (isDrError(thrown, 'CLUSTER_FORBIDDEN')) return thrown.action;
    throw thrown;
  }
}
