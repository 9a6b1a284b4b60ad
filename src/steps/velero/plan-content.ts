import { z } from 'zod';
import type { StepContext } from '../../contracts.ts';
import { type ContentPlan, compareContent, type LiveObject, selectRestorable } from '../../domain/compare-content.ts';
import { type Kind, type KubeObject, Namespace, ObjectMeta } from '../../domain/kinds.ts';
import type { ListedObject } from '../../domain/velero-files.ts';

const Anything = z.looseObject({ metadata: ObjectMeta });

type KindName = Pick<ListedObject, 'apiVersion' | 'kind'>;

/** What there is in the destination, of the kinds that were asked for. */
export interface LiveContent {
  objects: LiveObject[];
  /** The `apiVersion/Kind`s that the cluster serves. */
  served: Set<string>;
}

/** What the restore will create and what it will leave, object by object, from the backup's list and what is live. */
export async function planContent(
  context: StepContext<unknown>,
  objects: readonly ListedObject[],
  { source, destination }: { source: string; destination: string },
): Promise<ContentPlan> {
  const listed = selectRestorable(objects, source);
  const live = await listLive(context, destination, listed);
  return compareContent(listed, live.objects, live.served);
}

/** Every object of these kinds in a namespace; none where the namespace does not exist. */
export async function listLive(
  { cluster, signal }: StepContext<unknown>,
  namespace: string,
  wanted: readonly KindName[],
): Promise<LiveContent> {
  const exists = (await cluster.read(Namespace, { name: namespace }, signal)) !== undefined;
  const versions = [...new Set(wanted.map(({ apiVersion }) => apiVersion))];
  const served = new Set<string>();
  const live: LiveObject[] = [];
  await Promise.all(
    versions.map(async (apiVersion) => {
      const kinds = new Set(wanted.filter((it) => it.apiVersion === apiVersion).map(({ kind }) => kind));
      for (const { kind, plural, namespaced } of await cluster.resources(apiVersion, signal)) {
        served.add(`${apiVersion}/${kind}`);
        if (!exists || !namespaced || !kinds.has(kind)) continue;
        const found = await cluster.list<KubeObject>(
          { apiVersion, kind, plural, namespaced, schema: Anything } satisfies Kind<KubeObject>,
          { namespace },
          signal,
        );
        live.push(...found.map(({ metadata }) => ({ apiVersion, kind, name: metadata.name, uid: metadata.uid })));
      }
    }),
  );
  return { objects: live, served };
}
