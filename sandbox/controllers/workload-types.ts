import type { StoredObject } from '../cluster/store.ts';

/** The parts of the workload kinds that the controllers read: types only. */
export interface Condition {
  type: string;
  status: 'True' | 'False' | 'Unknown';
  reason?: string;
  message?: string;
  lastTransitionTime?: string;
  lastUpdateTime?: string;
}

export interface LabelSelector {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; operator: string; values?: string[] }[];
}

export interface Reference {
  name?: string;
  optional?: boolean;
}

export interface Container {
  name: string;
  image?: string;
  ports?: { name?: string; containerPort: number; protocol?: string }[];
  envFrom?: { configMapRef?: Reference; secretRef?: Reference }[];
  env?: { name: string; valueFrom?: { configMapKeyRef?: Reference; secretKeyRef?: Reference } }[];
}

export interface Volume {
  name: string;
  persistentVolumeClaim?: { claimName: string };
  configMap?: Reference;
  secret?: { secretName?: string; optional?: boolean };
  [source: string]: unknown;
}

export interface PodSpec {
  containers: Container[];
  volumes?: Volume[];
  nodeName?: string;
  [field: string]: unknown;
}

export interface PodTemplate {
  metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> };
  spec: PodSpec;
}

export interface PodStatus {
  phase?: string;
  podIP?: string;
  conditions?: Condition[];
  containerStatuses?: {
    name: string;
    ready: boolean;
    restartCount: number;
    state?: Record<string, unknown>;
    lastState?: object;
  }[];
  [field: string]: unknown;
}

export interface Pod extends StoredObject {
  spec: PodSpec;
  status?: PodStatus;
}

export interface WorkloadSpec {
  replicas?: number;
  selector: LabelSelector;
  template: PodTemplate;
  paused?: boolean;
  minReadySeconds?: number;
  progressDeadlineSeconds?: number;
  revisionHistoryLimit?: number;
  strategy?: { type?: string; rollingUpdate?: { maxSurge?: number | string; maxUnavailable?: number | string } };
}

export interface ReplicaStatus {
  replicas?: number;
  readyReplicas?: number;
  availableReplicas?: number;
  observedGeneration?: number;
  conditions?: Condition[];
  [field: string]: unknown;
}

export interface Deployment extends StoredObject {
  spec: WorkloadSpec;
  status?: ReplicaStatus;
}

export type ReplicaSet = Deployment;

export interface StatefulSet extends StoredObject {
  spec: WorkloadSpec & {
    serviceName?: string;
    podManagementPolicy?: string;
    updateStrategy?: { type?: string; rollingUpdate?: { partition?: number } };
    volumeClaimTemplates?: { metadata: { name: string; labels?: Record<string, string> }; spec: object }[];
  };
  status?: ReplicaStatus & { currentRevision?: string };
}
