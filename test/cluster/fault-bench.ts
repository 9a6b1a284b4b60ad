import { mkdtemp, rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, vi } from 'vitest';
import { createClusters } from '../../src/adapters/kubernetes.ts';
import { Namespace } from '../../src/domain/kinds.ts';
import type { Cluster } from '../../src/ports.ts';
import { writeKubeconfig } from './access.ts';
import { patient } from './contract-kinds.ts';
import { type FaultServer, startFaultServer } from './fault-server.ts';

const TOKEN = 'very-secret-token';

export const metadata = {
  name: 'a',
  namespace: 'b',
  uid: 'u',
  resourceVersion: '7',
  creationTimestamp: '2026-01-01T00:00:00Z',
};

type AnswerRequest = (request: IncomingMessage, response: ServerResponse) => void;

export interface FaultBench {
  url(): string;
  /** From now on every request is answered so. */
  answer(by: AnswerRequest): void;
  clusterAt(url: string, timeoutMs?: number): Promise<Cluster>;
}

/** One faulty server for a test file; after every test no socket may be left open. */
export function useFaultServer(): FaultBench {
  let folder: string;
  let server: FaultServer;
  let current: AnswerRequest;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'muster-faults-'));
    server = await startFaultServer((request, response) => current(request, response));
  });
  afterEach(async () => {
    await vi.waitFor(() => expect(server.openSockets()).toBe(0), 3_000);
  });
  afterAll(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });
  return {
    url: () => server.url,
    answer: (by) => {
      current = by;
    },
    clusterAt: async (url, timeoutMs = 10_000) => {
      const file = `${url.replaceAll(/\W/g, '-')}.json`;
      const kubeconfigPath = await writeKubeconfig(folder, file, { server: url, caPem: server.caPem, token: TOKEN });
      return createClusters({ kubeconfigPath, timeoutMs })();
    },
  };
}

export function send(response: ServerResponse, status: number, body: unknown, headers = {}): void {
  response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
}

/** The outcome of a read, checked to hold no secret. */
export async function read(cluster: Cluster, name = 'a'): Promise<unknown> {
  const outcome = await cluster.read(Namespace, { name }, patient()).catch((thrown: unknown) => thrown);
  expect(`${String(outcome)} ${JSON.stringify(outcome)}`).not.toContain(TOKEN);
  return outcome;
}
