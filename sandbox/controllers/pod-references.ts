import type { Store } from '../cluster/store.ts';
import type { Pod } from './workload-types.ts';

export function claimNamesOf(pod: Pod): string[] {
  return (pod.spec.volumes ?? []).flatMap(({ persistentVolumeClaim: claim }) => (claim ? [claim.claimName] : []));
}

/** Why the scheduler cannot place the pod because of its claims; undefined when all of them are Bound. */
export function unboundClaim(store: Store, pod: Pod): string | undefined {
  for (const name of claimNamesOf(pod)) {
    const claim = store.get('persistentvolumeclaims', pod.metadata.namespace, name);
    if (claim === undefined) return `persistentvolumeclaim "${name}" not found`;
    if ((claim['status'] as { phase?: string } | undefined)?.phase !== 'Bound') {
      return 'pod has unbound immediate PersistentVolumeClaims';
    }
  }
  return undefined;
}

interface Required {
  resource: 'configmaps' | 'secrets';
  kind: 'configmap' | 'secret';
  name: string;
}

function requiredBy(pod: Pod): Required[] {
  const found: Required[] = [];
  const need = (kind: Required['kind'], reference: { optional?: boolean } | undefined, name: string | undefined) => {
    if (reference === undefined || reference.optional === true || name === undefined) return;
    found.push({ resource: `${kind}s`, kind, name });
  };
  for (const container of pod.spec.containers) {
    for (const { configMapRef, secretRef } of container.envFrom ?? []) {
      need('configmap', configMapRef, configMapRef?.name);
      need('secret', secretRef, secretRef?.name);
    }
    for (const { valueFrom } of container.env ?? []) {
      need('configmap', valueFrom?.configMapKeyRef, valueFrom?.configMapKeyRef?.name);
      need('secret', valueFrom?.secretKeyRef, valueFrom?.secretKeyRef?.name);
    }
  }
  for (const { configMap, secret } of pod.spec.volumes ?? []) {
    need('configmap', configMap, configMap?.name);
    need('secret', secret, secret?.secretName);
  }
  return found;
}

/** The first ConfigMap or Secret that the pod needs and that does not exist, in the kubelet's words. */
export function missingReference(store: Store, pod: Pod): string | undefined {
  const missing = requiredBy(pod).find(({ resource, name }) => !store.get(resource, pod.metadata.namespace, name));
  return missing === undefined ? undefined : `${missing.kind} "${missing.name}" not found`;
}
