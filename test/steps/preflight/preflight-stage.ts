import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SandboxCluster, startCluster } from '../../../sandbox/start-cluster.ts';
import { download } from '../../../src/adapters/http-download.ts';
import { createClusters } from '../../../src/adapters/kubernetes.ts';
import { systemClock } from '../../../src/adapters/system-clock.ts';
import type { PreflightContext } from '../../../src/steps/preflight/finding.ts';
import { REQUEST } from '../../domain/run-fixture.ts';

export const NAMESPACE = 'data-processing';

export interface Stage {
  cluster: SandboxCluster;
  context: PreflightContext;
  /** The same, with a clock on which waiting takes a hundredth of the time. */
  hurried(): PreflightContext;
  close(): Promise<void>;
}

/** A fast sandbox cluster, and the context in which a check looks at it. */
export async function startStage(): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'muster-preflight-'));
  const cluster = await startCluster({ pace: 'fast' });
  const kubeconfigPath = join(folder, 'kubeconfig');
  writeFileSync(kubeconfigPath, cluster.api.kubeconfig());
  const clusters = createClusters({ kubeconfigPath, context: 'sandbox', timeoutMs: 10_000 });
  const context: PreflightContext = {
    request: REQUEST,
    params: { namespace: NAMESPACE },
    step: 'preflight',
    cluster: await clusters('sandbox'),
    homes: { podNamespace: undefined, veleroNamespace: 'velero', redisHost: undefined },
    clock: systemClock,
    download,
    signal: new AbortController().signal,
  };
  return {
    cluster,
    context,
    hurried() {
      let skipped = 0;
      const sleep = (ms: number, signal: AbortSignal) => {
        skipped += ms * 0.99;
        return systemClock.sleep(ms / 100, signal);
      };
      return { ...context, clock: { now: () => systemClock.now() + skipped, sleep } };
    },
    async close() {
      await cluster.close();
      rmSync(folder, { recursive: true });
    },
  };
}
