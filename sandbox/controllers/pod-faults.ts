import { matchesSelector } from './label-selector.ts';
import type { Pod } from './workload-types.ts';

export type PodFault = 'ImagePullBackOff' | 'CrashLoopBackOff' | 'NeverReady';

/** An annotation on a pod template that makes its pods fail: its value is a PodFault. */
export const POD_FAULT_ANNOTATION = 'sandbox.muster.dev/pod-fault';

export interface FaultScope {
  namespace: string;
  /** Left out: every object in the namespace. */
  labels?: Record<string, string>;
}

/** Which pods are made to fail, and which claims are kept waiting. */
export interface PodFaults {
  podFault(pod: Pod): PodFault | undefined;
  failPods(scope: FaultScope, fault: PodFault): () => void;
  claimHeld(claim: { metadata: { namespace?: string; labels?: Record<string, string> } }): boolean;
  holdClaims(scope: FaultScope): () => void;
}

type Labelled = { metadata: { namespace?: string; labels?: Record<string, string> } };

function inScope(scope: FaultScope, { metadata }: Labelled): boolean {
  return (
    metadata.namespace === scope.namespace && matchesSelector({ matchLabels: scope.labels ?? {} }, metadata.labels)
  );
}

/** `changed` is called whenever a fault comes or goes, so that the controllers look again. */
export function createPodFaults(changed: () => void): PodFaults {
  const failing = new Map<FaultScope, PodFault>();
  const holding = new Set<FaultScope>();

  return {
    podFault(pod) {
      const asked = pod.metadata.annotations?.[POD_FAULT_ANNOTATION];
      if (asked === 'ImagePullBackOff' || asked === 'CrashLoopBackOff' || asked === 'NeverReady') return asked;
      return [...failing].find(([scope]) => inScope(scope, pod))?.[1];
    },
    failPods(scope, fault) {
      failing.set(scope, fault);
      changed();
      return () => {
        failing.delete(scope);
        changed();
      };
    },
    claimHeld: (claim) => [...holding].some((scope) => inScope(scope, claim)),
    holdClaims(scope) {
      holding.add(scope);
      changed();
      return () => {
        holding.delete(scope);
        changed();
      };
    },
  };
}
