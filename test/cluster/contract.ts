import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe } from 'vitest';
import { createClusters } from '../../src/adapters/kubernetes.ts';
import type { Cluster, ServiceProbe } from '../../src/ports.ts';
import { type Access, type Admin, createAdmin, writeKubeconfig } from './access.ts';
import { testReading } from './contract-reading.ts';
import { testWatching } from './contract-watching.ts';
import { testWriting } from './contract-writing.ts';

/** What an API server may lack and still be held to the rest; every lack is printed, and asserted to be one. */
export type Lack =
  | 'discovery.k8s.io/v1 EndpointSlice'
  | 'fieldValidation=Strict'
  | 'service proxy to an endpoint'
  | 'validation by the CRDs of Velero'
  | 'lists of built-in objects without kind';

export interface ContractServer {
  /** An identity that may do everything. */
  access: Access;
  /** Does the work with an identity that may do nothing. */
  asPowerless(work: (access: Access) => Promise<void>): Promise<void>;
  gitVersion: string;
  /** A service that answers `GET /health?from=contract` with 200 `healthy` and all else with 418; left out with its lack. */
  healthyService?: Omit<ServiceProbe, 'path'>;
  lacks: Lack[];
  close(): Promise<void>;
}

/** What the tests work with: the adapter's cluster, and another actor on the same server. */
export interface Bench {
  server: ContractServer;
  cluster: Cluster;
  admin: Admin;
  /** A namespace that is ours alone. */
  namespace: string;
  /** A cluster by another identity. */
  clusterAs(access: Access): Promise<Cluster>;
  close(): Promise<void>;
}

async function setUpBench(server: ContractServer): Promise<Bench> {
  const folder = await mkdtemp(join(tmpdir(), 'muster-contract-'));
  const admin = createAdmin(server.access);
  const namespace = `contract-${randomBytes(4).toString('hex')}`;
  const clusterAs = async (access: Access) => {
    const file = `${randomBytes(4).toString('hex')}.json`;
    return createClusters({ kubeconfigPath: await writeKubeconfig(folder, file, access) })();
  };
  const manifest = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
  await admin.must('POST', '/api/v1/namespaces', manifest);
  const close = async () => {
    admin.close();
    await server.close();
    await rm(folder, { recursive: true });
  };
  return { server, cluster: await clusterAs(server.access), admin, namespace, clusterAs, close };
}

/** Holds the adapter and one API server to the Cluster port, test by test. */
export function describeClusterContract(name: string, start: () => Promise<ContractServer>): void {
  describe(`the Cluster port on ${name}`, () => {
    let bench: Bench | undefined;
    let tests = 0;
    const getBench = (): Bench => {
      if (!bench) throw new Error(`${name} did not start`);
      return bench;
    };
    beforeAll(async () => {
      bench = await setUpBench(await start());
    });
    afterEach(() => {
      tests += 1;
    });
    afterAll(async () => {
      if (!bench) return;
      console.log(
        `cluster contract: ${tests} tests on ${name}, not served there: ${bench.server.lacks.join(', ') || 'nothing'}`,
      );
      await bench.close();
    });
    testReading(getBench);
    testWriting(getBench);
    testWatching(getBench);
  });
}
