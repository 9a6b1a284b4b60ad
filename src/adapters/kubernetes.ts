import { z } from 'zod';
import type { Cluster, Clusters, LogOrder, ServedResource, ServiceProbe } from '../ports.ts';
import { type FindConnection, type KubeconfigOptions, loadConnections } from './kubernetes-config.ts';
import { type Call, errorFromAnswer, errorFromBody, errorFromFault, parseStatus } from './kubernetes-errors.ts';
import {
  type Api,
  checkName,
  createObject,
  listObjects,
  parseBody,
  readObject,
  refuse,
  removeObject,
} from './kubernetes-objects.ts';
import { type Connection, exchange } from './kubernetes-request.ts';
import { askRight, askTime } from './kubernetes-rights.ts';
import { watchObject } from './kubernetes-watch.ts';

export interface ClustersOptions extends KubeconfigOptions {
  /** After this long every call gives up; 10,000 ms unless told. */
  timeoutMs?: number;
}

const PROBE_CHARS = 4_096;
/** What keeps the API server itself from asking a service. */
const OWN_TROUBLE = [401, 403, 429, 500, 504];

/** The clusters of a kubeconfig, or the pod's own one. Nothing is read before the first use; each context becomes one Cluster, kept. */
export function createClusters({ timeoutMs = 10_000, ...options }: ClustersOptions): Clusters {
  let loading: Promise<FindConnection> | undefined;
  const clusters = new Map<string, Cluster>();
  return async (name) => {
    loading ??= loadConnections(options);
    const findConnection = await loading.catch((error: unknown) => {
      loading = undefined; // so that a corrected file is read at the next try
      throw error;
    });
    const connection = findConnection(name);
    const cluster = clusters.get(connection.name) ?? createCluster(connection, timeoutMs);
    clusters.set(connection.name, cluster);
    return cluster;
  };
}

function createCluster(connection: Connection, timeoutMs: number): Cluster {
  const api: Api = {
    cluster: connection.name,
    ask: async (call, outgoing, signal, maxChars) => {
      try {
        return await exchange(connection, outgoing, signal, maxChars);
      } catch (fault) {
        throw errorFromFault(call, fault, signal);
      }
    },
  };
  const limit = (signal: AbortSignal) => AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  return {
    name: connection.name,
    version: async (signal) => readVersion(api, limit(signal)),
    read: async (kind, ref, signal) => readObject(api, kind, ref, limit(signal)),
    list: async (kind, scope, signal) => listObjects(api, kind, scope, limit(signal)),
    create: async (kind, manifest, signal) => createObject(api, kind, manifest, limit(signal)),
    resources: async (apiVersion, signal) => listResources(api, apiVersion, limit(signal)),
    remove: async (kind, ref, signal) => removeObject(api, kind, ref, limit(signal)),
    awaitChange: async (kind, since, signal) => watchObject(connection, kind, since, timeoutMs, signal),
    probe: async (service, signal) => probeService(api, service, limit(signal)),
    logs: async (order, signal) => readLogs(api, order, limit(signal)),
    may: async (right, signal) => askRight(api, right, limit(signal)),
    time: async (signal) => askTime(api, limit(signal)),
  };
}

async function readVersion({ cluster, ask }: Api, signal: AbortSignal): Promise<string> {
  const call: Call = { cluster, verb: 'get', resource: '/version', group: '' };
  const { gitVersion } = parseBody(call, await ask(call, { method: 'GET', path: '/version' }, signal));
  if (typeof gitVersion !== 'string') throw errorFromBody(call, 'gitVersion: missing');
  return gitVersion;
}

/** A group's resources from discovery; a group that is not served has none. */
async function listResources(
  { cluster, ask }: Api,
  apiVersion: string,
  signal: AbortSignal,
): Promise<ServedResource[]> {
  if (!/^[a-z0-9.-]+(\/v[a-z0-9]+)?$/.test(apiVersion)) return [];
  const path = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const call: Call = { cluster, verb: 'get', resource: path, group: '' };
  const answer = await ask(call, { method: 'GET', path }, signal);
  if (answer.status === 404) return [];
  const parsed = Discovery.safeParse(parseBody(call, answer));
  if (!parsed.success) throw errorFromBody(call, 'resources: not a list');
  return parsed.data.resources
    .filter(({ name }) => !name.includes('/'))
    .map(({ name, kind, namespaced }) => ({ plural: name, kind, namespaced }));
}

const Discovery = z.object({
  resources: z.array(z.object({ name: z.string(), kind: z.string(), namespaced: z.boolean() })),
});

async function probeService(
  { cluster, ask }: Api,
  { namespace, service, port, path }: ServiceProbe,
  signal: AbortSignal,
): Promise<{ status: number; body: string }> {
  const call: Call = { cluster, verb: 'get', resource: 'services/proxy', group: '', namespace, name: service };
  checkName(call, namespace);
  checkName(call, service);
  if (!path.startsWith('/')) throw refuse(call, `the path "${path}" does not begin with /`);
  // URL resolves `..`, so that no path leaves the service.
  const { pathname, search } = new URL(`http://service${path}`);
  const proxy = `/api/v1/namespaces/${encodeURIComponent(namespace)}/services/http:${encodeURIComponent(service)}:${port}/proxy`;
  const answer = await ask(call, { method: 'GET', path: proxy + pathname + search }, signal, PROBE_CHARS);
  // A Status is the API server's own word; of those, only 404 and 503 tell of the service: it is not there, or has no endpoint.
  if (OWN_TROUBLE.includes(answer.status) && parseStatus(answer.text)) throw errorFromAnswer(call, answer);
  return { status: answer.status, body: answer.text };
}

async function readLogs({ cluster, ask }: Api, order: LogOrder, signal: AbortSignal): Promise<string> {
  const { namespace, pod, container, previous = false, sinceSeconds, tailLines, limitBytes } = order;
  const call: Call = { cluster, verb: 'get', resource: 'pods/log', group: '', namespace, name: pod };
  checkName(call, namespace);
  checkName(call, pod);
  const query = {
    container,
    previous: previous ? 'true' : undefined,
    sinceSeconds: sinceSeconds?.toString(),
    tailLines: String(tailLines),
    limitBytes: String(limitBytes),
  };
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/log`;
  // A server that does not keep to limitBytes is cut short all the same.
  const answer = await ask(call, { method: 'GET', path, query }, signal, limitBytes);
  if (answer.status < 200 || answer.status > 299) throw errorFromAnswer(call, answer);
  return answer.text;
}
