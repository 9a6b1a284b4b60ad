import { expect } from 'vitest';
import { renderKubeconfig } from '../../../sandbox/cluster/kubeconfig.ts';
import type { StoredObject } from '../../../sandbox/cluster/store.ts';
import { writeSurroundings } from '../../../sandbox/write-surroundings.ts';
import { createRedisLedger } from '../../../src/adapters/redis-ledger.ts';
import { type Entry, isRunEntry } from '../../../src/domain/ledger.ts';
import { parseRedisUrl } from '../../../src/domain/redis-url.ts';
import { foldRun } from '../../../src/domain/run.ts';
import { runStream } from '../../../src/engine/record.ts';
import { goInside } from '../../journeys/inside.ts';
import { NAMESPACE, type World } from '../../journeys/world.ts';
import { startRedis } from '../../redis.ts';
import { type Admin, createAdmin } from '../access.ts';
import { type Crd, createValidator } from '../crds.ts';
import { type ControlPlane, startControlPlane } from './control-plane.ts';
import { type Gateway, openGateway } from './gateway.ts';
import { findAddress, type KubeletStandIn, startKubeletStandIn } from './kubelet-stand-in.ts';
import { loseNamespace } from './lose-namespace.ts';
import { type Translation, translateFor } from './older-versions.ts';
import { type PastCluster, rememberCluster } from './past-cluster.ts';
import { startVeleroStandIn, type VeleroStandIn } from './velero-stand-in.ts';

/** As a journey's world, but the cluster is a real kube-apiserver, and nobody looks into its memory. */
export interface RealWorld extends Pick<World, 'inside' | 'state' | 'events'> {
  plane: ControlPlane;
  translation: Translation;
  /** Another actor on the server, by a way of its own. */
  admin: Admin;
  /** The way that Muster takes to the server. */
  gateway: Gateway;
  past: PastCluster;
  velero: VeleroStandIn;
  /** Undefined where the workloads cannot be made to run. */
  kubelet: KubeletStandIn | undefined;
  /** How many Restores this run has created. */
  countRestores(run: string): number;
  loseNamespace(): Promise<void>;
  /** Ends everything; fails if an object that Muster created did not fit Velero's CRDs. */
  close(): Promise<void>;
}

export async function openRealWorld(assets: string, crds: readonly Crd[]): Promise<RealWorld> {
  const { begin, endAll } = createEnds();
  try {
    const redis = await begin(startRedis(), ({ stop }) => stop());
    const plane = await begin(startControlPlane(assets, crds), ({ stop }) => stop());
    const translation = translateFor(plane.minor);
    const gateway = await begin(openGateway(plane.access, translation), ({ close }) => close());
    const admin = await begin(Promise.resolve(createAdmin(plane.access)), ({ close }) => close());
    const past = await rememberCluster();
    for (const name of ['velero', 'monitoring']) await admin.must('POST', '/api/v1/namespaces', { metadata: { name } });
    const velero = await begin(startVeleroStandIn({ admin, translation, bucket: past.bucket }), ({ stop }) => stop());
    await Promise.all(past.backups.map((backup) => velero.keepBackup(backup)));
    const ip = plane.hasControllers ? findAddress() : undefined;
    const kubelet =
      ip === undefined ? undefined : await begin(startKubeletStandIn(admin, NAMESPACE, ip), (it) => it.stop());
    const kubeconfig = renderKubeconfig({ url: gateway.url, caPem: gateway.caPem, token: 'the-gateway-asks-for-none' });
    const surroundings = await begin(Promise.resolve(writeSurroundings(kubeconfig, redis.url, undefined)), (it) =>
      it.remove(),
    );
    const muster = await openMuster(surroundings.env, redis.url, begin);
    return {
      ...{ plane, translation, admin, gateway, past, velero, kubelet, ...muster },
      countRestores: (run) => countRestores(gateway, run),
      loseNamespace: () => loseNamespace(admin, translation),
      close: async () => {
        await endAll();
        expect(misfitsOf(gateway, crds), 'objects that do not fit the CRDs').toEqual([]);
      },
    };
  } catch (failure) {
    await endAll().catch(() => undefined);
    throw failure;
  }
}

type Begin = <T>(starting: Promise<T>, end: (started: T) => unknown) => Promise<T>;

/** What has begun ends in the other order, all of it, whatever fails on the way; the first failure is told. */
function createEnds(): { begin: Begin; endAll(): Promise<void> } {
  const ends: (() => unknown)[] = [];
  return {
    begin: async (starting, end) => {
      const started = await starting;
      ends.unshift(() => end(started));
      return started;
    },
    endAll: async () => {
      const failures: unknown[] = [];
      for (const end of ends.splice(0)) {
        try {
          await end();
        } catch (failure) {
          failures.push(failure);
        }
      }
      if (failures.length > 0) throw failures[0];
    },
  };
}

async function openMuster(env: Record<string, string>, redisUrl: string, begin: Begin) {
  const ledger = await begin(Promise.resolve(createRedisLedger(parseRedisUrl(redisUrl), () => undefined)), (it) =>
    it.close(),
  );
  const inside = await begin(goInside(env), ({ close }) => close());
  const entriesOf = async (run: string) =>
    (await ledger.read(runStream(run)).catch((): Entry[] => [])).filter(isRunEntry);
  return {
    inside,
    state: async (run: string) => foldRun(await entriesOf(run)),
    events: async (run: string) => (await entriesOf(run)).map(({ event }) => event.type),
  };
}

/** Everything that Muster created is Velero's, and fits its CRDs to the last field. */
function misfitsOf(gateway: Gateway, crds: readonly Crd[]): string[] {
  const validate = createValidator([...crds]);
  return gateway.created().flatMap(({ path, object }) => validate(object).map((problem) => `${path}: ${problem}`));
}

function countRestores(gateway: Gateway, run: string): number {
  const objects = gateway.created().map(({ object }) => object as Partial<StoredObject>);
  return objects.filter(({ kind, metadata }) => kind === 'Restore' && metadata?.labels?.['muster.dev/run'] === run)
    .length;
}
