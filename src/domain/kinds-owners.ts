import { z } from 'zod';
import { type Kind, ObjectMeta } from './kinds.ts';

/** The kinds that go on changing a workload after it was restored: autoscalers and Flagger. */

const TargetRef = z.looseObject({ kind: z.string().nullish(), name: z.string() });

const Autoscaler = z.looseObject({ metadata: ObjectMeta, spec: z.looseObject({ scaleTargetRef: TargetRef }) });
export type HorizontalPodAutoscaler = z.infer<typeof Autoscaler>;
export type ScaledObject = z.infer<typeof Autoscaler>;

/** autoscaling/v2, served from Kubernetes 1.23. */
export const HorizontalPodAutoscaler: Kind<HorizontalPodAutoscaler> = {
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  plural: 'horizontalpodautoscalers',
  namespaced: true,
  schema: Autoscaler,
};

/** KEDA v2 `apis/keda/v1alpha1/scaledobject_types.go`; a target without a kind is a Deployment. */
export const ScaledObject: Kind<ScaledObject> = {
  apiVersion: 'keda.sh/v1alpha1',
  kind: 'ScaledObject',
  plural: 'scaledobjects',
  namespaced: true,
  schema: Autoscaler,
};

const CanarySchema = z.looseObject({ metadata: ObjectMeta, spec: z.looseObject({ targetRef: TargetRef }) });
export type Canary = z.infer<typeof CanarySchema>;

/** Flagger `pkg/apis/flagger/v1beta1/canary.go`. */
export const Canary: Kind<Canary> = {
  apiVersion: 'flagger.app/v1beta1',
  kind: 'Canary',
  plural: 'canaries',
  namespaced: true,
  schema: CanarySchema,
};
