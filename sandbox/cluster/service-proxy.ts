import { isJsonObject, type Json, type Reply, type ResourceRequest } from './request.ts';
import { methodNotAllowed, notFound, StatusError } from './status-error.ts';
import type { Store } from './stored-object.ts';

export interface ServiceRequest {
  namespace: string;
  service: string;
  port: number;
  /** Begins with `/`; with the query, if there is one. */
  path: string;
}

/** What answers in a service's place. A rejection is an endpoint that cannot be reached. */
export type ProbeService = (request: ServiceRequest) => Promise<{ status: number; body: string }>;

function unavailable(message: string): StatusError {
  return new StatusError(503, 'ServiceUnavailable', message);
}

/** `web`, `web:80`, `http:web:80`, `https:web:metrics`, as apimachinery's `SplitSchemeNamePort`. */
function splitName(text: string): { service: string; port: string } | undefined {
  const parts = text.split(':');
  const [first = '', second = '', third = ''] = parts;
  if (parts.length <= 2) return { service: first, port: second };
  const known = first === '' || first === 'http' || first === 'https';
  return parts.length === 3 && known ? { service: second, port: third } : undefined;
}

function list(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

function findPort(spec: unknown, wanted: string): number | undefined {
  const ports = list(isJsonObject(spec) ? spec['ports'] : undefined);
  if (wanted === '') return ports.length === 1 ? Number(ports[0]?.['port']) : undefined;
  const found = ports.find((port) => port['name'] === wanted || String(port['port']) === wanted);
  return found === undefined ? undefined : Number(found['port']);
}

function isReady(endpoint: Json): boolean {
  const conditions = isJsonObject(endpoint['conditions']) ? endpoint['conditions'] : {};
  return conditions['ready'] !== false;
}

/** Ready addresses in the service's EndpointSlices or in its Endpoints, whichever its controller writes. */
function hasEndpoints(store: Store, namespace: string, service: string): boolean {
  const slices = store
    .list('endpointslices.discovery.k8s.io', namespace)
    .filter((slice) => slice.metadata.labels?.['kubernetes.io/service-name'] === service);
  if (slices.some((slice) => list(slice['endpoints']).some(isReady))) return true;
  const subsets = list(store.get('endpoints', namespace, service)?.['subsets']);
  return subsets.some((subset) => list(subset['addresses']).length > 0);
}

/** GET through the API server to a service, which `probeService` plays. @throws StatusError 404, 405, 503 */
export async function proxyToService(
  store: Store,
  request: ResourceRequest,
  probeService: ProbeService,
): Promise<Reply> {
  const { namespace = '', name = '', rest, query } = request;
  if (request.verb !== 'get') throw methodNotAllowed();
  const split = splitName(name);
  if (split === undefined) throw new StatusError(400, 'BadRequest', `invalid service request "${name}"`);
  const { service, port: wanted } = split;
  const object = store.get('services', namespace, service);
  if (object === undefined) throw notFound({ plural: 'services', group: '', name: service });
  const port = findPort(object['spec'], wanted);
  const shown = /^\d+$/.test(wanted) ? wanted : `"${wanted}"`;
  if (port === undefined) throw unavailable(`no service port ${shown} found for service "${service}"`);
  if (!hasEndpoints(store, namespace, service)) {
    throw unavailable(`no endpoints available for service "${service}"`);
  }
  const text = query.toString();
  const path = `${rest === '' ? '/' : rest}${text === '' ? '' : `?${text}`}`;
  try {
    const answer = await probeService({ namespace, service, port, path });
    return { code: answer.status, body: answer.body, contentType: 'text/plain; charset=utf-8' };
  } catch (error) {
    throw unavailable(`error trying to reach service: ${error instanceof Error ? error.message : String(error)}`);
  }
}
