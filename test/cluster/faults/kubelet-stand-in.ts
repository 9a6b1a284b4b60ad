import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { StoredObject } from '../../../sandbox/cluster/store.ts';
import type { Admin } from '../access.ts';
import { lookOn } from './look-on.ts';

/** Plays the nodes of a cluster that has none, in one namespace: its pods run, its PVCs are bound, its services are reached. */
export interface KubeletStandIn {
  /** The pods with this label `app` cannot pull their image. */
  failing: Set<string>;
  /** These services answer every request with 500. */
  broken: Set<string>;
  /** @throws what kept it from its work */
  check(): void;
  /** Fails if it could not do its work. */
  stop(): Promise<void>;
}

type Pod = StoredObject & {
  spec: { nodeName?: string };

  status?: { phase?: string; podIP?: string; conditions?: { type: string; status: string }[] };
};
type Service = StoredObject & { spec: { selector?: Record<string, string>; ports: { name?: string }[] } };
type Claim = StoredObject & { status?: { phase?: string } };

const LOOK_MS = 150;
const NODE = 'node-1';
/** Gone, or going: what a namespace that is being deleted answers to writes. */
const PASSING = [200, 201, 403, 404, 409];

/** Endpoints may not be loopback addresses; undefined where this machine has no other. */
export function findAddress(): string | undefined {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return addresses.find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
}

export async function startKubeletStandIn(admin: Admin, namespace: string, ip: string): Promise<KubeletStandIn> {
  const [failing, broken] = [new Set<string>(), new Set<string>()];
  const servers = { ok: await answerAlways(ip, 200), broken: await answerAlways(ip, 500) };
  await admin.must('POST', '/api/v1/nodes', { metadata: { name: NODE } });
  const core = `/api/v1/namespaces/${namespace}`;
  const write = async (method: string, path: string, body?: object) => {
    const { status, json } = await admin.send(method, `${core}${path}`, body);
    if (!PASSING.includes(status)) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(json)}`);
    return status;
  };
  const list = async <T>(plural: string) => ((await admin.must('GET', `${core}/${plural}`)) as { items: T[] }).items;
  const runPod = async (pod: Pod) => {
    const { name, labels, deletionTimestamp } = pod.metadata;
    if (deletionTimestamp !== undefined) return void (await write('DELETE', `/pods/${name}?gracePeriodSeconds=0`));
    const target = { kind: 'Node', name: NODE };
    if (pod.spec.nodeName === undefined) await write('POST', `/pods/${name}/binding`, { metadata: { name }, target });
    if (isReady(pod) || failing.has(labels?.['app'] ?? '')) return;
    await write('PATCH', `/pods/${name}/status`, { status: runningAt(ip) });
  };
  const look = async () => {
    const pods = await list<Pod>('pods');
    for (const pod of pods) await runPod(pod);
    for (const { metadata } of (await list<Claim>('persistentvolumeclaims')).filter(
      (it) => it.status?.phase !== 'Bound',
    ))
      await write('PATCH', `/persistentvolumeclaims/${metadata.name}/status`, { status: { phase: 'Bound' } });
    for (const service of await list<Service>('services')) {
      const pod = pods.find((it) => isReady(it) && isSelected(it, service));
      if (pod === undefined) continue;
      const { name } = service.metadata;
      const endpoints = endpointsOf(service, pod, ip, broken.has(name) ? servers.broken.port : servers.ok.port);
      if ((await write('PATCH', `/endpoints/${name}`, endpoints)) === 404) await write('POST', '/endpoints', endpoints);
    }
  };
  const looking = lookOn('the kubelets', LOOK_MS, look);
  return {
    failing,
    broken,
    check: looking.check,
    stop: async () => {
      const close = () => Promise.all(Object.values(servers).map((server) => server.close()));
      await looking.stop().finally(close);
    },
  };
}

async function answerAlways(ip: string, status: number): Promise<{ port: number; close(): Promise<void> }> {
  const server = createServer((_request, response) => void response.writeHead(status).end());
  await new Promise<void>((resolve) => server.listen(0, ip, resolve));
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { port: (server.address() as AddressInfo).port, close };
}

function isReady({ status }: Pod): boolean {
  return status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false;
}

function isSelected({ metadata }: Pod, { spec }: Service): boolean {
  const selector = Object.entries(spec.selector ?? {});
  return selector.length > 0 && selector.every(([key, value]) => metadata.labels?.[key] === value);
}

function runningAt(ip: string): object {
  const at = { lastTransitionTime: new Date().toISOString().replace(/\.\d+/, '') };
  const conditions = ['Ready', 'ContainersReady'].map((type) => ({ type, status: 'True', ...at }));
  return { phase: 'Running', podIP: ip, podIPs: [{ ip }], conditions };
}

/** The API server's proxy believes an endpoint only if it names a pod of that address (`registry/core/service/storage/rest.go`). */
function endpointsOf({ metadata, spec }: Service, pod: Pod, ip: string, port: number): object {
  const { name, namespace } = pod.metadata;
  const ports = spec.ports.map((it) => ({ port, ...(it.name === undefined ? {} : { name: it.name }) }));
  const addresses = [{ ip, targetRef: { kind: 'Pod', name, namespace } }];
  return { metadata: { name: metadata.name, namespace }, subsets: [{ addresses, ports }] };
}
