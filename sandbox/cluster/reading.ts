import { type Reply, type ResourceRequest, readNumber } from './request.ts';
import type { Resource } from './resources.ts';
import { type Match, parseFieldSelector, parseLabelSelector } from './selectors.ts';
import { badRequest, expired, notFound } from './status-error.ts';
import type { Store, StoredObject } from './stored-object.ts';
import { toTable, wantsTable } from './table-format.ts';

export function subjectOf(resource: Resource, name?: string) {
  const { plural, group, kind } = resource;
  return { plural, group, kind, ...(name === undefined ? {} : { name }) };
}

/** @throws StatusError 404 */
export function findObject(
  store: Store,
  request: Pick<ResourceRequest, 'resource' | 'namespace' | 'name'>,
): StoredObject {
  const { resource, namespace, name = '' } = request;
  const object = store.get(resource.key, namespace, name);
  if (object === undefined) throw notFound(subjectOf(resource, name));
  return object;
}

export function getOne(store: Store, request: ResourceRequest): Reply {
  const object = findObject(store, request);
  const { resourceVersion } = object.metadata;
  const asTable = wantsTable(request) && request.subresource === undefined;
  return { code: 200, body: asTable ? toTable(request, [object], { resourceVersion }) : object };
}

/** Both selectors of a list, a watch or a collection's deletion. @throws StatusError 400 */
export function parseSelectors(request: Pick<ResourceRequest, 'resource' | 'query'>): Match {
  const byLabel = parseLabelSelector(request.query.get('labelSelector'));
  const byField = parseFieldSelector(request.resource, request.query.get('fieldSelector'));
  return (object) => byLabel(object) && byField(object);
}

/** Where the next page begins: after this key, with the revision of the first page. */
interface Page {
  rv: number;
  after: string;
}

function keyOf(object: StoredObject): string {
  const { namespace, name } = object.metadata;
  return namespace === undefined ? name : `${namespace}/${name}`;
}

function encodePage(page: Page): string {
  return Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', ...page })).toString('base64url');
}

function decodePage(token: string): Page {
  try {
    const page: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
    const { rv, after } = page as Partial<Page>;
    if (typeof rv === 'number' && typeof after === 'string') return { rv, after };
  } catch {
    // Falls through: the token is none of ours.
  }
  throw badRequest('continue key is not valid: unable to decode the token');
}

/** One page of the objects in scope. Pages after the first show the present state, not that of the first page. */
export function list(store: Store, request: ResourceRequest): Reply {
  const { resource, namespace, query } = request;
  const matches = parseSelectors(request);
  const limit = readNumber(query, 'limit') ?? 0;
  const token = query.get('continue');
  const page = token ? decodePage(token) : undefined;
  readNumber(query, 'resourceVersion');
  if (page !== undefined && store.changesSince(page.rv) === 'expired') {
    throw expired('The provided continue parameter is too old to display a consistent list result.');
  }
  const found = store.list(resource.key, namespace).filter(matches);
  const rest = page === undefined ? found : found.filter((object) => keyOf(object) > page.after);
  const items = limit > 0 ? rest.slice(0, limit) : rest;
  const rv = page?.rv ?? store.revision();
  const last = items.at(-1);
  const left = rest.length - items.length;
  const filtered = Boolean(query.get('labelSelector') || query.get('fieldSelector'));
  const metadata = {
    resourceVersion: String(rv),
    ...(left > 0 && last !== undefined ? { continue: encodePage({ rv, after: keyOf(last) }) } : {}),
    ...(left > 0 && !filtered ? { remainingItemCount: left } : {}),
  };
  if (wantsTable(request)) return { code: 200, body: toTable(request, items, metadata) };
  return { code: 200, body: { kind: `${resource.kind}List`, apiVersion: resource.apiVersion, metadata, items } };
}
