/** What a run acts on. */
export interface Target {
  /** The kubeconfig context's name. */
  cluster: string;
  namespace: string;
}

/** The lease's name: one active run per target. */
export function targetKey({ cluster, namespace }: Target): string {
  return `${cluster}/${namespace}`;
}

export interface OwnHomes {
  /** The namespace the bot itself runs in; undefined outside a pod. */
  podNamespace: string | undefined;
  veleroNamespace: string;
  /** REDIS_URL's host: `redis.<namespace>.svc...` names a namespace inside a cluster. */
  redisHost: string | undefined;
}

/** Why Muster never acts on this namespace, or undefined where it may: it must live outside the blast radius. */
export function protectedReason(namespace: string, homes: OwnHomes): string | undefined {
  if (namespace === homes.podNamespace) return `${namespace} is where Muster itself runs`;
  if (namespace === redisNamespace(homes.redisHost)) return `${namespace} is where Muster's Redis runs`;
  if (namespace === homes.veleroNamespace || namespace === 'velero') return `${namespace} is where Velero runs`;
  if (namespace.startsWith('kube-')) return `${namespace} belongs to Kubernetes itself`;
  return undefined;
}

/** Service DNS is `<service>.<namespace>[.svc[.cluster.local]]`; anything with a public-looking name has no namespace of ours. */
function redisNamespace(host: string | undefined): string | undefined {
  const labels = host?.split('.') ?? [];
  if (labels.length === 2 || labels[2] === 'svc') return labels[1];
  return undefined;
}
