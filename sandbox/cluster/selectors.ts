import type { Resource } from './resources.ts';
import { badRequest } from './status-error.ts';
import type { StoredObject } from './stored-object.ts';

export type Match = (object: StoredObject) => boolean;

const KEY = /^(([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?)\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

function check(pattern: RegExp, text: string, what: string): string {
  if (!pattern.test(text)) throw badRequest(`unable to parse requirement: ${what}: Invalid value: "${text}"`);
  return text;
}

/** Splits at the commas that are outside parentheses. */
function splitRequirements(selector: string): string[] {
  return selector.split(/,(?![^(]*\))/).map((part) => part.trim());
}

function parseSet(part: string): Match | undefined {
  const set = /^(\S+)\s+(in|notin)\s*\(([^()]*)\)$/.exec(part);
  if (set === null) return undefined;
  const [, rawKey = '', operator, list = ''] = set;
  const key = check(KEY, rawKey, 'key');
  const values = list.split(',').map((value) => check(VALUE, value.trim(), 'values'));
  return (object) => {
    const value = object.metadata.labels?.[key];
    return operator === 'in'
      ? value !== undefined && values.includes(value)
      : value === undefined || !values.includes(value);
  };
}

function parseLabelRequirement(part: string): Match {
  const set = parseSet(part);
  if (set !== undefined) return set;
  const compared = /^([^=!<>\s]+)\s*(==|=|!=|<|>)\s*([^=!<>\s]*)$/.exec(part);
  if (compared !== null) {
    const [, rawKey = '', operator = '', rawValue = ''] = compared;
    const key = check(KEY, rawKey, 'key');
    const wanted = check(VALUE, rawValue, 'values');
    if (operator === '!=') return (object) => object.metadata.labels?.[key] !== wanted;
    if (operator === '<') return (object) => Number(object.metadata.labels?.[key] ?? Number.NaN) < Number(wanted);
    if (operator === '>') return (object) => Number(object.metadata.labels?.[key] ?? Number.NaN) > Number(wanted);
    return (object) => object.metadata.labels?.[key] === wanted;
  }
  const absent = part.startsWith('!');
  const key = check(KEY, absent ? part.slice(1).trim() : part, 'key');
  return (object) => (object.metadata.labels?.[key] === undefined) === absent;
}

/** Equality, set and existence requirements, as apimachinery's `labels.Parse`. @throws StatusError 400 */
export function parseLabelSelector(selector: string | null): Match {
  if (selector === null || selector.trim() === '') return () => true;
  const matches = splitRequirements(selector).map(parseLabelRequirement);
  return (object) => matches.every((match) => match(object));
}

/** What each kind can be selected by besides metadata.name and metadata.namespace (`pkg/apis/<group>/<version>/conversion.go`). */
const selectable: Record<string, string[]> = {
  pods: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'status.phase',
    'status.podIP',
  ],
  events: [
    ...['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'].map(
      (f) => `involvedObject.${f}`,
    ),
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
  secrets: ['type'],
  namespaces: ['status.phase'],
  nodes: ['spec.unschedulable'],
  'replicasets.apps': ['status.replicas'],
  'jobs.batch': ['status.successful'],
};

function readField(object: StoredObject, path: string): string {
  if (path === 'source') return readField(object, 'source.component');
  let value: unknown = object;
  for (const part of path.split('.')) value = (value as Record<string, unknown> | undefined)?.[part];
  return value === undefined || value === null ? '' : String(value);
}

/** `field=value` and `field!=value`, joined by commas. @throws StatusError 400, also for a field that the kind cannot be selected by */
export function parseFieldSelector(resource: Resource, selector: string | null): Match {
  if (selector === null || selector.trim() === '') return () => true;
  const fields = [
    'metadata.name',
    ...(resource.namespaced ? ['metadata.namespace'] : []),
    ...(selectable[resource.key] ?? []),
  ];
  const matches = selector.split(',').map((part): Match => {
    const compared = /^([^=!]+)(==|=|!=)(.*)$/.exec(part.trim());
    if (compared === null) throw badRequest(`invalid selector: '${selector}'; can't understand '${part}'`);
    const [, field = '', operator, value = ''] = compared;
    if (!fields.includes(field)) {
      const what = `${resource.group}/${resource.version}, Resource=${resource.plural}`;
      throw badRequest(
        `Unable to find "${what}" that match label selector "", field selector "${selector}": field label not supported: ${field}`,
      );
    }
    return (object) => (readField(object, field) === value) === (operator !== '!=');
  });
  return (object) => matches.every((match) => match(object));
}
