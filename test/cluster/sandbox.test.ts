import { startApiServer } from '../../sandbox/cluster/server.ts';
import { createStore } from '../../sandbox/cluster/store.ts';
import { createAdmin } from './access.ts';
import { type ContractServer, describeClusterContract } from './contract.ts';

/** The sandbox's API server with nothing in it: no controllers, no seed. */
async function startSandboxApiServer(): Promise<ContractServer> {
  const probeService = async ({ path }: { path: string }) =>
    path === '/health?from=contract' ? { status: 200, body: 'healthy' } : { status: 418, body: 'teapot' };
  const server = await startApiServer({ store: createStore(), probeService });
  const access = { server: server.url, caPem: server.caPem, token: server.token };
  const admin = createAdmin(access);
  const metadata = { name: 'healthy', namespace: 'default' };
  await admin.send('POST', '/api/v1/namespaces', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'default' },
  });
  const service = { apiVersion: 'v1', kind: 'Service', metadata, spec: { ports: [{ port: 80 }] } };
  await admin.must('POST', '/api/v1/namespaces/default/services', service);
  const subsets = [{ addresses: [{ ip: '192.0.2.1' }], ports: [{ port: 80 }] }];
  const endpoints = { apiVersion: 'v1', kind: 'Endpoints', metadata, subsets };
  await admin.must('POST', '/api/v1/namespaces/default/endpoints', endpoints);
  const { gitVersion } = (await admin.must('GET', '/version')) as { gitVersion: string };
  admin.close();
  return {
    access,
    asPowerless: async (work) => {
      const restore = server.faults.add({ kind: 'refuse' });
      await work(access).finally(restore);
    },
    gitVersion,
    healthyService: { namespace: 'default', service: 'healthy', port: 80 },
    lacks: ['lists of built-in objects without kind'],
    close: server.close,
  };
}

describeClusterContract('the sandbox', startSandboxApiServer);
