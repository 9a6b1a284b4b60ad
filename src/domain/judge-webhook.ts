import type { Webhook } from './kinds-admission.ts';
import { mayMatch } from './label-selector.ts';
import type { Check } from './plan.ts';

/** What nearly every backup of a namespace holds, as `resource.group`. */
const ORDINARY = [
  ...['pods', 'services', 'configmaps', 'secrets', 'serviceaccounts', 'persistentvolumeclaims', 'endpoints'],
  ...['deployments.apps', 'statefulsets.apps', 'daemonsets.apps', 'replicasets.apps', 'jobs.batch', 'cronjobs.batch'],
  ...['ingresses.networking.k8s.io', 'networkpolicies.networking.k8s.io', 'endpointslices.discovery.k8s.io'],
  ...['horizontalpodautoscalers.autoscaling', 'poddisruptionbudgets.policy', 'resourcequotas', 'limitranges'],
  ...['roles.rbac.authorization.k8s.io', 'rolebindings.rbac.authorization.k8s.io'],
];

export interface NamespaceLabels {
  name: string;
  /** Undefined: it does not exist, and comes back with labels that only the backup knows. */
  labels: Record<string, string> | undefined;
}

/** `ordinary`: what it refuses of nearly every backup; `custom`: what it refuses should the backup hold any. */
export interface Refused {
  ordinary: string[];
  custom: string[];
}

/**
 * What a webhook that cannot be called keeps from being created in the namespace; undefined: nothing. Only failurePolicy Fail
 * refuses (Kubernetes v1.31 `admissionregistration/v1/types.go`). An objectSelector, and what cannot be known, may match.
 */
export function refusedBy(webhook: Webhook, namespace: NamespaceLabels): Refused | undefined {
  if ((webhook.failurePolicy ?? 'Fail') !== 'Fail') return undefined;
  // The API server gives every namespace this label; an absent one has it too when it comes back.
  const known = { ...namespace.labels, 'kubernetes.io/metadata.name': namespace.name };
  const absent = namespace.labels === undefined;
  if (!mayMatch(webhook.namespaceSelector, known, absent)) return undefined;
  const rules = (webhook.rules ?? []).filter(({ operations }) => holds(operations, 'CREATE'));
  const inNamespace = rules.filter(({ scope }) => scope !== 'Cluster');
  const ordinary = ORDINARY.filter((resource) => inNamespace.some((rule) => matchesResource(rule, resource)));
  // A namespace that is absent is created first, and all else depends on it.
  if (absent && rules.some((rule) => rule.scope !== 'Namespaced' && matchesResource(rule, 'namespaces')))
    ordinary.unshift('namespaces');
  const custom = ordinary.length > 0 ? [] : [...new Set(inNamespace.flatMap(customResources))];
  return ordinary.length === 0 && custom.length === 0 ? undefined : { ordinary, custom };
}

type Rule = NonNullable<Webhook['rules']>[number];

function holds(list: readonly string[] | null | undefined, value: string): boolean {
  return list?.some((it) => it === '*' || it === value) ?? false;
}

function matchesResource(rule: Rule, resource: string): boolean {
  const [plural = '', ...group] = resource.split('.');
  return holds(rule.apiGroups, group.join('.')) && holds(pluralsOf(rule), plural);
}

/** Without what means subresources only: `pods/exec` is no object, but `pods/*` is pods too (apiserver `predicates/rules/rules.go`). */
function pluralsOf({ resources }: Rule): string[] {
  return (resources ?? []).flatMap((it) => {
    const [plural = '', subresource] = it.split('/');
    return subresource === undefined || subresource === '*' ? [plural] : [];
  });
}

function customResources(rule: Rule): string[] {
  const groups = (rule.apiGroups ?? []).filter((group) => group.includes('.') && !group.endsWith('.k8s.io'));
  return groups.flatMap((group) => pluralsOf(rule).map((plural) => `${plural}.${group}`));
}

/** Whether the webhook's service has a ready endpoint; a string says why that could not be looked at. */
export type Backing = boolean | string;

/** One webhook that could refuse objects, by whether it can be called; undefined where it can. */
export function judgeWebhook(webhook: Webhook, refused: Refused, backing: Backing): Check | undefined {
  const { name, clientConfig, matchConditions } = webhook;
  const { service } = clientConfig;
  const unchecked = (detail: string): Check => ({ name: 'admission', verdict: 'unchecked', detail });
  const about = nameResources(refused.ordinary.length > 0 ? refused.ordinary : refused.custom);
  if (!service) return unchecked(`webhook ${name} (${about}) is called by URL; whether it answers is not checked`);
  if (typeof backing === 'string') return unchecked(`webhook ${name} (${about}): ${backing}`);
  if (backing) return undefined;
  const why = `its service ${service.namespace}/${service.name} has no ready endpoint`;
  if (refused.ordinary.length === 0)
    return unchecked(`webhook ${name} would refuse ${about}, should the backup hold any: ${why}`);
  if ((matchConditions ?? []).length > 0)
    return unchecked(`webhook ${name} would refuse objects that meet its matchConditions: ${why} (${about})`);
  return { name: 'admission', verdict: 'fail', detail: `webhook ${name} would refuse objects: ${why} (${about})` };
}

function nameResources(resources: readonly string[]): string {
  const more = resources.length > 3 ? ` and ${resources.length - 3} more` : '';
  return `${resources.slice(0, 3).join(', ')}${more}`;
}
