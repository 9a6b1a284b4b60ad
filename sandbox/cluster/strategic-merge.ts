import { isJsonObject, type Json } from './request.ts';

/** By which field the items of a list are told apart, as the `patchMergeKey` tags in `staging/src/k8s.io/api` say. */
const mergeKeys: Record<string, string[]> = {
  containers: ['name'],
  initContainers: ['name'],
  ephemeralContainers: ['name'],
  env: ['name'],
  volumes: ['name'],
  imagePullSecrets: ['name'],
  secrets: ['name'],
  conditions: ['type'],
  ports: ['containerPort', 'port'],
  volumeMounts: ['mountPath'],
  volumeDevices: ['devicePath'],
  hostAliases: ['ip'],
  topologySpreadConstraints: ['topologyKey'],
  ownerReferences: ['uid'],
};

const primitiveLists = ['finalizers'];
const DIRECTIVE = /^\$(setElementOrder|deleteFromPrimitiveList)\/(.+)$/;

function mergeKeyOf(field: string, items: unknown[]): string | undefined {
  return mergeKeys[field]?.find((key) => items.some((item) => isJsonObject(item) && key in item));
}

function mergeList(field: string, current: unknown[], patch: unknown[]): unknown[] {
  if (primitiveLists.includes(field)) return [...new Set([...current, ...patch])];
  const key = mergeKeyOf(field, patch);
  const items = patch.filter(isJsonObject);
  if (key === undefined || items.some((item) => item['$patch'] === 'replace')) {
    return patch.filter((item) => !(isJsonObject(item) && item['$patch'] === 'replace')).map(withoutDirectives);
  }
  const merged = [...current];
  for (const item of items) {
    const at = merged.findIndex((existing) => isJsonObject(existing) && existing[key] === item[key]);
    if (item['$patch'] === 'delete') {
      if (at >= 0) merged.splice(at, 1);
    } else if (at >= 0) merged[at] = strategicMerge(merged[at] as Json, item);
    else merged.push(withoutDirectives(item));
  }
  return merged;
}

function withoutDirectives(value: unknown): unknown {
  return isJsonObject(value) ? strategicMerge({}, value) : value;
}

/** Puts the items into the order that the patch asks for; those it does not name follow. */
function orderList(field: string, list: unknown[], order: unknown[]): unknown[] {
  const key = mergeKeyOf(field, order);
  const identity = (item: unknown) => (key !== undefined && isJsonObject(item) ? item[key] : item);
  const wanted = order.map(identity);
  const rank = (item: unknown) => {
    const at = wanted.indexOf(identity(item));
    return at < 0 ? wanted.length : at;
  };
  return [...list].sort((a, b) => rank(a) - rank(b));
}

function applyDirectives(merged: Json, patch: Json): void {
  for (const [name, value] of Object.entries(patch)) {
    const [, directive, field = ''] = DIRECTIVE.exec(name) ?? [];
    const list = merged[field];
    if (!Array.isArray(list) || !Array.isArray(value)) continue;
    if (directive === 'setElementOrder') merged[field] = orderList(field, list, value);
    else if (directive === 'deleteFromPrimitiveList') merged[field] = list.filter((item) => !value.includes(item));
  }
  const retained = patch['$retainKeys'];
  if (!Array.isArray(retained)) return;
  for (const field of Object.keys(merged)) if (!retained.includes(field)) delete merged[field];
}

/** Kubernetes' strategic merge patch (`apimachinery/pkg/util/strategicpatch`) for the built-in kinds; returns a new object. */
export function strategicMerge(current: Json, patch: Json): Json {
  if (patch['$patch'] === 'delete') return {};
  const merged: Json = patch['$patch'] === 'replace' ? {} : { ...current };
  for (const [field, value] of Object.entries(patch)) {
    if (field.startsWith('$')) continue;
    const existing = merged[field];
    if (value === null) delete merged[field];
    else if (isJsonObject(value)) merged[field] = strategicMerge(isJsonObject(existing) ? existing : {}, value);
    else if (Array.isArray(value)) merged[field] = mergeList(field, Array.isArray(existing) ? existing : [], value);
    else merged[field] = value;
  }
  applyDirectives(merged, patch);
  return merged;
}
