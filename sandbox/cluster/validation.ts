import { isDeepStrictEqual } from 'node:util';
import type { Resource } from './resources.ts';
import { invalid, type StatusCause } from './status-error.ts';
import type { StoredObject } from './stored-object.ts';

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const SERVICE = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const QUALIFIED = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;

const labelText =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an " +
  "alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const serviceText =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with " +
  "an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
const subdomainText =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an " +
  "alphanumeric character (e.g. 'example.com', regex used for validation is " +
  "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const labelValueText =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an " +
  "alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is " +
  "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const labelKeyText =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";

function unacceptable(field: string, value: unknown, why: string): StatusCause {
  return { reason: 'FieldValueInvalid', message: `Invalid value: ${JSON.stringify(value)}: ${why}`, field };
}

function forbidden(field: string, why: string): StatusCause {
  return { reason: 'FieldValueForbidden', message: `Forbidden: ${why}`, field };
}

function required(field: string, why?: string): StatusCause {
  return {
    reason: 'FieldValueRequired',
    message: why === undefined ? 'Required value' : `Required value: ${why}`,
    field,
  };
}

function checkName(resource: Resource, name: string): StatusCause[] {
  const field = 'metadata.name';
  if (resource.group === 'rbac.authorization.k8s.io') {
    return /^\.{1,2}$|[/%]/.test(name) ? [unacceptable(field, name, "may not contain '/' or '%'")] : [];
  }
  const [pattern, text, limit] =
    resource.key === 'namespaces'
      ? ([LABEL, labelText, 63] as const)
      : resource.key === 'services'
        ? ([SERVICE, serviceText, 63] as const)
        : ([SUBDOMAIN, subdomainText, 253] as const);
  if (name.length > limit) return [unacceptable(field, name, `must be no more than ${limit} characters`)];
  return pattern.test(name) ? [] : [unacceptable(field, name, text)];
}

function checkKey(field: string, key: string): StatusCause[] {
  const slash = key.lastIndexOf('/');
  const name = key.slice(slash + 1);
  if (slash >= 0 && !SUBDOMAIN.test(key.slice(0, slash)))
    return [unacceptable(field, key, `prefix part ${subdomainText}`)];
  if (name.length > 63) return [unacceptable(field, key, 'name part must be no more than 63 characters')];
  return QUALIFIED.test(name) ? [] : [unacceptable(field, key, labelKeyText)];
}

function checkMetadata(object: StoredObject): StatusCause[] {
  const { labels = {}, annotations = {}, finalizers = [] } = object.metadata;
  const causes = Object.entries(labels ?? {}).flatMap(([key, value]) => {
    if (value.length > 63) return [unacceptable('metadata.labels', value, 'must be no more than 63 characters')];
    const bad = value !== '' && !QUALIFIED.test(value);
    return [
      ...checkKey('metadata.labels', key),
      ...(bad ? [unacceptable('metadata.labels', value, labelValueText)] : []),
    ];
  });
  for (const key of Object.keys(annotations ?? {})) causes.push(...checkKey('metadata.annotations', key.toLowerCase()));
  for (const finalizer of finalizers ?? []) causes.push(...checkKey('metadata.finalizers', finalizer));
  return causes;
}

/** Who waits for the end of a deletion is settled when it begins. */
function checkFinalizers(before: StoredObject, after: StoredObject): StatusCause[] {
  const old = before.metadata.finalizers ?? [];
  const added = (after.metadata.finalizers ?? []).filter((finalizer) => !old.includes(finalizer));
  if (before.metadata.deletionTimestamp === undefined || added.length === 0) return [];
  return [forbidden('metadata.finalizers', 'no new finalizers can be added if the object is being deleted')];
}

type Fields = Record<string, unknown>;
const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {});

function checkContainers(spec: Fields, path: string): StatusCause[] {
  const containers = Array.isArray(spec['containers']) ? (spec['containers'] as Fields[]) : [];
  if (containers.length === 0) return [required(`${path}.containers`)];
  return containers.flatMap((container, index) => [
    ...(container['name'] ? [] : [required(`${path}.containers[${index}].name`)]),
    ...(container['image'] ? [] : [required(`${path}.containers[${index}].image`)]),
  ]);
}

function checkTemplate(object: StoredObject): StatusCause[] {
  const spec = fieldsOf(object['spec']);
  const template = fieldsOf(spec['template']);
  const selector = fieldsOf(fieldsOf(spec['selector'])['matchLabels']);
  const labels = fieldsOf(fieldsOf(template['metadata'])['labels']);
  const matches = Object.entries(selector).every(([key, value]) => labels[key] === value);
  const replicas = spec['replicas'];
  const why = '`selector` does not match template `labels`';
  return [
    ...(matches ? [] : [unacceptable('spec.template.metadata.labels', labels, why)]),
    ...checkContainers(fieldsOf(template['spec']), 'spec.template.spec'),
    ...(typeof replicas === 'number' && replicas < 0
      ? [unacceptable('spec.replicas', replicas, 'must be greater than or equal to 0')]
      : []),
  ];
}

function checkService(object: StoredObject): StatusCause[] {
  const spec = fieldsOf(object['spec']);
  const ports = Array.isArray(spec['ports']) ? (spec['ports'] as Fields[]) : [];
  if (spec['type'] === 'ExternalName') return [];
  if (ports.length === 0 && spec['clusterIP'] !== 'None') return [required('spec.ports')];
  return ports.flatMap((port, index) => {
    const number = Number(port['port']);
    const named = ports.length === 1 || Boolean(port['name']);
    const why = 'must be between 1 and 65535, inclusive';
    return [
      ...(number >= 1 && number <= 65535 ? [] : [unacceptable(`spec.ports[${index}].port`, port['port'], why)]),
      ...(named ? [] : [required(`spec.ports[${index}].name`)]),
    ];
  });
}

const checks: Record<string, (object: StoredObject) => StatusCause[]> = {
  pods: (object) => checkContainers(fieldsOf(object['spec']), 'spec'),
  services: checkService,
  'deployments.apps': checkTemplate,
  'statefulsets.apps': checkTemplate,
};

const statefulSetMutable =
  'replicas template updateStrategy revisionHistoryLimit persistentVolumeClaimRetentionPolicy minReadySeconds ordinals';

/** What may not change once the object exists: selectors, and most of a StatefulSet's spec. */
function checkImmutable(resource: Resource, before: StoredObject, after: StoredObject): StatusCause[] {
  const [old, now] = [fieldsOf(before['spec']), fieldsOf(after['spec'])];
  if (resource.key === 'deployments.apps' && !isDeepStrictEqual(old['selector'], now['selector'])) {
    return [unacceptable('spec.selector', now['selector'], 'field is immutable')];
  }
  if (resource.key === 'statefulsets.apps') {
    const fixed = [...new Set([...Object.keys(old), ...Object.keys(now)])].filter(
      (key) => !statefulSetMutable.split(' ').includes(key),
    );
    const changed = fixed.some((key) => !isDeepStrictEqual(old[key], now[key]));
    return changed
      ? [forbidden('spec', 'updates to statefulset spec for fields other than the mutable ones are forbidden')]
      : [];
  }
  return [];
}

/**
 * The rules that a schema cannot say: names, labels, selectors that match, what may not change. A small part of Kubernetes' `pkg/apis/core/validation`.
 * @throws StatusError 422 Invalid
 */
export function validate(resource: Resource, object: StoredObject, before?: StoredObject): void {
  const causes = [
    ...(before === undefined
      ? checkName(resource, object.metadata.name)
      : [...checkImmutable(resource, before, object), ...checkFinalizers(before, object)]),
    ...checkMetadata(object),
    ...(checks[resource.key]?.(object) ?? []),
  ];
  const subject = { plural: resource.plural, group: resource.group, kind: resource.kind, name: object.metadata.name };
  if (causes.length > 0) throw invalid(subject, causes);
}
