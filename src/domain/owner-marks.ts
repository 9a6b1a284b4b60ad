import { z } from 'zod';
import type { ObjectMeta } from './kinds.ts';

export type Owner = 'Argo CD' | 'Flux Kustomization' | 'Flux HelmRelease' | 'Helm';

/** Who deployed an object, by the marks that each tool leaves; Helm last, as the others render charts too. */
export function ownerOf(metadata: ObjectMeta): Owner | undefined {
  const marks = [...Object.keys(metadata.labels ?? {}), ...Object.keys(metadata.annotations ?? {})];
  const marked = (prefix: string) => marks.some((mark) => mark.startsWith(prefix));
  if (isArgo(metadata)) return 'Argo CD';
  if (marked('kustomize.toolkit.fluxcd.io/')) return 'Flux Kustomization';
  if (marked('helm.toolkit.fluxcd.io/')) return 'Flux HelmRelease';
  const helm = metadata.labels?.['app.kubernetes.io/managed-by'] === 'Helm' || marked('meta.helm.sh/release-name');
  return helm ? 'Helm' : undefined;
}

/**
 * Argo CD tracks by annotation or by label (argo-cd `docs/user-guide/resource_tracking.md`). Its default label,
 * app.kubernetes.io/instance, is also set by charts, so it counts only with argocd in it, or with Argo CD as a field manager.
 */
function isArgo({ labels, annotations, managedFields }: ObjectMeta): boolean {
  if (annotations?.['argocd.argoproj.io/tracking-id'] !== undefined) return true;
  if (labels?.['argocd.argoproj.io/instance'] !== undefined) return true;
  const instance = labels?.['app.kubernetes.io/instance'];
  if (instance === undefined) return false;
  const managers = ManagedFields.safeParse(managedFields).data ?? [];
  return instance.includes('argocd') || managers.some(({ manager }) => manager?.startsWith('argocd'));
}

const ManagedFields = z.array(z.looseObject({ manager: z.string().optional() }));

const Controller = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  name: z.string(),
  controller: z.literal(true),
});

/** The custom resource whose operator made the object; undefined where a kind of Kubernetes' own did, or nobody. */
export function controllerOf({ ownerReferences }: ObjectMeta): { kind: string; name: string } | undefined {
  const owners = (ownerReferences ?? []).flatMap((owner) => Controller.safeParse(owner).data ?? []);
  return owners.find(({ apiVersion }) => {
    const [group = '', version] = apiVersion.split('/');
    return version !== undefined && group.includes('.') && !group.endsWith('.k8s.io');
  });
}
