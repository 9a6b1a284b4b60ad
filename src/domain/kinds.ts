import { z } from 'zod';
import { LabelSelector } from './label-selector.ts';

/** A Kubernetes kind that Muster reads or writes: where the API serves it, and the part of its shape that we rely on. */
export interface Kind<T> {
  /** Group and version as objects carry it: `v1`, `apps/v1`, `velero.io/v1`. */
  apiVersion: string;
  kind: string;
  plural: string;
  namespaced: boolean;
  schema: z.ZodType<T>;
}

const strings = z.record(z.string(), z.string());

export const ObjectMeta = z.looseObject({
  name: z.string(),
  namespace: z.string().optional(),
  uid: z.string(),
  resourceVersion: z.string(),
  generation: z.number().optional(),
  /** RFC 3339. */
  creationTimestamp: z.string(),
  /** RFC 3339; set while the object is being deleted. */
  deletionTimestamp: z.string().optional(),
  labels: strings.optional(),
  annotations: strings.optional(),
  finalizers: z.array(z.string()).optional(),
  ownerReferences: z.array(z.looseObject({ kind: z.string(), name: z.string(), uid: z.string() })).optional(),
});
export type ObjectMeta = z.infer<typeof ObjectMeta>;

/** A thing with metadata: the least that every Kubernetes object is. */
export interface KubeObject {
  metadata: ObjectMeta;
}

export const Condition = z.looseObject({
  type: z.string(),
  status: z.string(),
  reason: z.string().optional(),
  message: z.string().optional(),
});
export type Condition = z.infer<typeof Condition>;

function kind<T>(apiVersion: string, name: string, plural: string, schema: z.ZodType<T>, namespaced = true): Kind<T> {
  return { apiVersion, kind: name, plural, namespaced, schema };
}

const object = <S extends z.ZodRawShape>(shape: S) => z.looseObject({ metadata: ObjectMeta, ...shape });

export const Namespace = kind(
  'v1',
  'Namespace',
  'namespaces',
  object({
    status: z.looseObject({ phase: z.string().optional(), conditions: z.array(Condition).optional() }).optional(),
  }),
  false,
);

export const PersistentVolumeClaim = kind(
  'v1',
  'PersistentVolumeClaim',
  'persistentvolumeclaims',
  object({ status: z.looseObject({ phase: z.string().optional() }).optional() }),
);

export const Service = kind(
  'v1',
  'Service',
  'services',
  object({
    spec: z.looseObject({
      selector: strings.optional(),
      ports: z.array(z.looseObject({ name: z.string().optional(), port: z.number() })).optional(),
    }),
  }),
);

/** One of `waiting`, `running` and `terminated` is set. */
const ContainerState = z.looseObject({
  waiting: z.looseObject({ reason: z.string().optional(), message: z.string().optional() }).optional(),
  running: z.looseObject({}).optional(),
  terminated: z
    .looseObject({
      exitCode: z.number(),
      signal: z.number().optional(),
      reason: z.string().optional(),
      message: z.string().optional(),
      finishedAt: z.string().nullish(),
    })
    .optional(),
});

export const ContainerStatus = z.looseObject({
  name: z.string(),
  ready: z.boolean(),
  restartCount: z.number().optional(),
  state: ContainerState.optional(),
  /** How its life before the last restart ended. */
  lastState: ContainerState.optional(),
});
export type ContainerStatus = z.infer<typeof ContainerStatus>;

export const Pod = kind(
  'v1',
  'Pod',
  'pods',
  object({
    spec: z
      .looseObject({
        hostNetwork: z.boolean().optional(),
        containers: z.array(z.looseObject({ name: z.string() })).optional(),
        initContainers: z.array(z.looseObject({ name: z.string(), restartPolicy: z.string().optional() })).optional(),
      })
      .optional(),
    status: z
      .looseObject({
        phase: z.string().optional(),
        conditions: z.array(Condition).optional(),
        reason: z.string().optional(),
        message: z.string().optional(),
        containerStatuses: z.array(ContainerStatus).optional(),
        initContainerStatuses: z.array(ContainerStatus).optional(),
      })
      .optional(),
  }),
);

const count = z.number().optional();
/** Which pods are a workload's. */
const selector = LabelSelector.optional();
/** The labels that a workload gives its pods. */
const template = z.looseObject({ metadata: z.looseObject({ labels: strings.optional() }).optional() }).optional();

export const Deployment = kind(
  'apps/v1',
  'Deployment',
  'deployments',
  object({
    spec: z.looseObject({ replicas: count, selector, template }),
    status: z
      .looseObject({
        observedGeneration: count,
        replicas: count,
        updatedReplicas: count,
        readyReplicas: count,
        availableReplicas: count,
        conditions: z.array(Condition).optional(),
      })
      .optional(),
  }),
);

export const StatefulSet = kind(
  'apps/v1',
  'StatefulSet',
  'statefulsets',
  object({
    spec: z.looseObject({
      replicas: count,
      selector,
      template,
      updateStrategy: z
        .looseObject({
          type: z.string().optional(),
          rollingUpdate: z.looseObject({ partition: count }).optional(),
        })
        .optional(),
    }),
    status: z
      .looseObject({
        observedGeneration: count,
        replicas: count,
        readyReplicas: count,
        updatedReplicas: count,
        currentRevision: z.string().optional(),
        updateRevision: z.string().optional(),
      })
      .optional(),
  }),
);

export const DaemonSet = kind(
  'apps/v1',
  'DaemonSet',
  'daemonsets',
  object({
    spec: z.looseObject({ selector, template }),
    status: z
      .looseObject({
        observedGeneration: count,
        desiredNumberScheduled: count,
        updatedNumberScheduled: count,
        numberAvailable: count,
        numberReady: count,
      })
      .optional(),
  }),
);

/** discovery.k8s.io/v1, served from Kubernetes 1.21. */
export const EndpointSlice = kind(
  'discovery.k8s.io/v1',
  'EndpointSlice',
  'endpointslices',
  object({
    endpoints: z
      .array(
        z.looseObject({
          addresses: z.array(z.string()),
          conditions: z.looseObject({ ready: z.boolean().nullish(), terminating: z.boolean().nullish() }).optional(),
        }),
      )
      .nullish(),
  }),
);

export type Namespace = z.infer<typeof Namespace.schema>;
export type PersistentVolumeClaim = z.infer<typeof PersistentVolumeClaim.schema>;
export type Service = z.infer<typeof Service.schema>;
export type Pod = z.infer<typeof Pod.schema>;
export type Deployment = z.infer<typeof Deployment.schema>;
export type StatefulSet = z.infer<typeof StatefulSet.schema>;
export type DaemonSet = z.infer<typeof DaemonSet.schema>;
export type EndpointSlice = z.infer<typeof EndpointSlice.schema>;
