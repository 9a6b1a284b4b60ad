import { accessReview, findResource, type Resource } from './resources.ts';

export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection';

/** A path of the API that names a resource, read as kube-apiserver's RequestInfo does. */
export interface Target {
  resource: Resource;
  namespace: string | undefined;
  name: string | undefined;
  /** `status`, `scale`, `log`, `proxy`, ... */
  subresource: string | undefined;
  /** What follows the subresource, with its leading slash; empty if nothing does. */
  rest: string;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Splits `/api/v1/...` and `/apis/<group>/<version>/...`; undefined for any other path. */
function splitGroup(path: string): { apiVersion: string; parts: string[] } | undefined {
  const [first, second, third, ...more] = path.split('/').slice(1);
  if (first === 'api' && second !== undefined) {
    return { apiVersion: second, parts: third === undefined ? [] : [third, ...more] };
  }
  if (first === 'apis' && second !== undefined && third !== undefined) {
    return { apiVersion: `${second}/${third}`, parts: more };
  }
  return undefined;
}

/** @returns undefined where the path names no resource that is served: the answer is a plain 404. */
export function findTarget(path: string): Target | undefined {
  const split = splitGroup(path);
  if (split === undefined || split.parts.length === 0) return undefined;
  const { apiVersion, parts } = split;
  const [first, second, third] = parts;
  const subresources = ['status', 'finalize'];
  const inNamespace = first === 'namespaces' && third !== undefined && !subresources.includes(third);
  const [plural = '', name, subresource, ...rest] = inNamespace ? parts.slice(2) : parts;
  const resource = plural === accessReview.plural ? accessReview : findResource(apiVersion, plural);
  if (resource === undefined || resource.apiVersion !== apiVersion) return undefined;
  if (inNamespace !== resource.namespaced && (inNamespace || name !== undefined)) return undefined;
  return {
    resource,
    namespace: inNamespace ? decode(second ?? '') : undefined,
    name: name ? decode(name) : undefined,
    subresource: subresource || undefined,
    rest: rest.length === 0 ? '' : `/${rest.join('/')}`,
  };
}

/** @returns undefined for a method that the API does not know. */
export function verbOf(method: string, target: { name: string | undefined }, query: URLSearchParams): Verb | undefined {
  const named = target.name !== undefined;
  if (method === 'GET' || method === 'HEAD') return named ? 'get' : isTrue(query.get('watch')) ? 'watch' : 'list';
  if (method === 'POST') return 'create';
  if (method === 'PUT') return 'update';
  if (method === 'PATCH') return 'patch';
  if (method === 'DELETE') return named ? 'delete' : 'deletecollection';
  return undefined;
}

export function isTrue(value: string | null): boolean {
  return value !== null && ['', '1', 't', 'true', 'True', 'TRUE'].includes(value);
}
