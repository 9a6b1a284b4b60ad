import type { Store, StoredObject } from '../cluster/store.ts';
import { writeDeploymentStatus } from './deployment-status.ts';
import { claimChildren, controllerOf, controllerReference, safeHash, sameTemplate } from './ownership.ts';
import { planRollout } from './rollout.ts';
import { keyOf, splitKey, startWorkLoop, type WorkLoop } from './work-loop.ts';
import type { Deployment, ReplicaSet } from './workload-types.ts';

const REVISION = 'deployment.kubernetes.io/revision';

function revisionOf(object: StoredObject): number {
  return Number(object.metadata.annotations?.[REVISION] ?? 0);
}

function createReplicaSet(store: Store, deployment: Deployment, revision: number): ReplicaSet {
  const { template, selector, minReadySeconds } = deployment.spec;
  const { namespace = '', name } = deployment.metadata;
  const hash = { 'pod-template-hash': safeHash(template) };
  const labels = { ...template.metadata?.labels, ...hash };
  return store.create('replicasets.apps', {
    metadata: {
      name: `${name}-${hash['pod-template-hash']}`,
      namespace,
      labels,
      annotations: { [REVISION]: String(revision) },
      ownerReferences: [controllerReference(deployment)],
    },
    spec: {
      replicas: 0,
      ...(minReadySeconds === undefined ? {} : { minReadySeconds }),
      selector: { ...selector, matchLabels: { ...selector.matchLabels, ...hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  }) as ReplicaSet;
}

/** The ReplicaSet of the present template, made or numbered anew where needed (deployment/sync.go getNewReplicaSet). */
function currentReplicaSet(store: Store, deployment: Deployment, sets: ReplicaSet[]): ReplicaSet | undefined {
  const found = sets.find((set) => sameTemplate(set.spec.template, deployment.spec.template));
  const revision = Math.max(0, ...sets.filter((set) => set !== found).map(revisionOf)) + 1;
  if (found === undefined) return deployment.spec.paused ? undefined : createReplicaSet(store, deployment, revision);
  if (revisionOf(found) >= revision) return found;
  return store.modify('replicasets.apps', found.metadata.namespace, found.metadata.name, (object) => {
    object.metadata.annotations = { ...object.metadata.annotations, [REVISION]: String(revision) };
  }) as ReplicaSet | undefined;
}

function forgetOldSets(store: Store, deployment: Deployment, old: ReplicaSet[]): void {
  const empty = old.filter((set) => set.spec.replicas === 0 && (set.status?.replicas ?? 0) === 0);
  const surplus = empty.length - (deployment.spec.revisionHistoryLimit ?? 10);
  const oldest = [...empty].sort((a, b) => revisionOf(a) - revisionOf(b)).slice(0, Math.max(0, surplus));
  for (const { metadata } of oldest) store.remove('replicasets.apps', metadata.namespace, metadata.name);
}

/** Rolls Deployments out through ReplicaSets. `progressedAt` remembers per uid when the rollout last moved. */
export function startDeploymentController(store: Store): WorkLoop {
  const progressedAt = new Map<string, { mark: string; at: number }>();

  function reconcile(key: string): number | undefined {
    const deployment = store.get('deployments.apps', ...splitKey(key)) as Deployment | undefined;
    if (deployment === undefined || deployment.metadata.deletionTimestamp !== undefined) return undefined;
    const sets = claimChildren(store, 'replicasets.apps', deployment, deployment.spec.selector) as ReplicaSet[];
    const current = currentReplicaSet(store, deployment, sets);
    const old = sets.filter((set) => set.metadata.uid !== current?.metadata.uid);
    if (current !== undefined && !deployment.spec.paused) {
      for (const { set, replicas } of planRollout(deployment, current, old)) {
        store.modify('replicasets.apps', set.metadata.namespace, set.metadata.name, (object) => {
          (object as ReplicaSet).spec.replicas = replicas;
        });
      }
    }
    forgetOldSets(store, deployment, old);
    if (current !== undefined) copyRevision(deployment, current);
    return writeDeploymentStatus(store, deployment, current, old, progressedAt);
  }

  function copyRevision(deployment: Deployment, current: ReplicaSet): void {
    store.modify('deployments.apps', deployment.metadata.namespace, deployment.metadata.name, (object) => {
      object.metadata.annotations = { ...object.metadata.annotations, [REVISION]: String(revisionOf(current)) };
    });
  }

  function deploymentsOf(set: StoredObject): string[] {
    const owner = controllerOf(set);
    if (owner?.kind === 'Deployment') return [`${set.metadata.namespace ?? ''}/${owner.name}`];
    return owner === undefined ? store.list('deployments.apps', set.metadata.namespace).map(keyOf) : [];
  }

  return startWorkLoop(store, {
    watches: { 'deployments.apps': (deployment) => [keyOf(deployment)], 'replicasets.apps': deploymentsOf },
    reconcile,
  });
}
