import { z } from 'zod';
import { type Kind, ObjectMeta } from './kinds.ts';
import { LabelSelector } from './label-selector.ts';

/** The kinds by which a cluster refuses objects: admission webhooks and quotas. */

const texts = z.array(z.string()).nullish();

const Rule = z.looseObject({
  operations: texts,
  apiGroups: texts,
  resources: texts,
  /** `Cluster`, `Namespaced` or `*`; left out: `*`. */
  scope: z.string().nullish(),
});

/** A webhook of either configuration; Kubernetes v1.31 `admissionregistration/v1/types.go`. */
export const Webhook = z.looseObject({
  name: z.string(),
  /** `Fail` or `Ignore`; left out: Fail. */
  failurePolicy: z.string().nullish(),
  clientConfig: z.looseObject({
    url: z.string().nullish(),
    service: z.looseObject({ namespace: z.string(), name: z.string() }).nullish(),
  }),
  rules: z.array(Rule).nullish(),
  namespaceSelector: LabelSelector.nullish(),
  objectSelector: LabelSelector.nullish(),
  /** CEL, which Muster does not evaluate. */
  matchConditions: z.array(z.unknown()).nullish(),
});
export type Webhook = z.infer<typeof Webhook>;

const WebhookConfiguration = z.looseObject({ metadata: ObjectMeta, webhooks: z.array(Webhook).nullish() });
export type WebhookConfiguration = z.infer<typeof WebhookConfiguration>;

export const ValidatingWebhookConfiguration: Kind<WebhookConfiguration> = {
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingWebhookConfiguration',
  plural: 'validatingwebhookconfigurations',
  namespaced: false,
  schema: WebhookConfiguration,
};

export const MutatingWebhookConfiguration: Kind<WebhookConfiguration> = {
  ...ValidatingWebhookConfiguration,
  kind: 'MutatingWebhookConfiguration',
  plural: 'mutatingwebhookconfigurations',
};

/** Quantities by the resource's name: `pods`, `requests.cpu`, `count/deployments.apps`. */
const quantities = z.record(z.string(), z.union([z.string(), z.number()])).nullish();

const Quota = z.looseObject({
  metadata: ObjectMeta,
  spec: z.looseObject({ hard: quantities }).optional(),
  status: z.looseObject({ hard: quantities, used: quantities }).optional(),
});
export type ResourceQuota = z.infer<typeof Quota>;

export const ResourceQuota: Kind<ResourceQuota> = {
  apiVersion: 'v1',
  kind: 'ResourceQuota',
  plural: 'resourcequotas',
  namespaced: true,
  schema: Quota,
};
