import { type Diagnosis, red, unchecked } from '../domain/diagnosis.ts';
import { coerceError, isDrError } from '../errors.ts';
import type { Cluster, Clusters } from '../ports.ts';
import { namedClusters } from './cluster-names.ts';
import type { ClusterContext, DoctorContext, DoctorDeps, Examination } from './examination.ts';

/** How long one examination may take, in ms; and how much later it is given up where it does not end by itself. */
const LIMIT_MS = 12_000;
const GRACE_MS = 2_000;

/** Another line is red because of it. */
const AWAY = [
  ...(['LEDGER_UNREACHABLE', 'CLUSTER_UNREACHABLE', 'CHAT_UNREACHABLE', 'CHAT_UNANSWERED'] as const),
  'PAGER_UNREACHABLE' as const,
];

/** Looks at everything at once; whatever hangs, it ends within the limit. `cluster`: this one only. @throws DrError CLUSTER_UNKNOWN */
export async function examineAll(
  examinations: readonly Examination[],
  deps: DoctorDeps,
  { cluster, signal }: { cluster: string | undefined; signal: AbortSignal },
): Promise<Diagnosis[]> {
  const { found, lines } = await findClusters(deps, cluster);
  let looked: ReturnType<typeof deps.inspectRedis> | undefined;
  // One look at Redis serves all lines about it.
  const inspectRedis = () => {
    looked ??= deps.inspectRedis(signal);
    return looked;
  };
  const context: DoctorContext = { ...deps, inspectRedis, examined: found, signal };
  const ofInstallation = examinations.map((it) => (it.about === 'cluster' ? [] : examine(it, context)));
  const ofClusters = found.flatMap((each) =>
    examinations.map((it) => (it.about === 'cluster' ? examine(it, inCluster(context, each)) : [])),
  );
  const diagnoses = await Promise.all([...ofInstallation, lines, ...ofClusters]);
  return diagnoses.flat();
}

function inCluster(context: DoctorContext, cluster: Cluster): ClusterContext {
  return { ...context, cluster, nameLine: (line) => `${cluster.name}: ${line}` };
}

/** The default cluster, and those that the policy names; what the policy names and nobody knows is the policy's own line. */
async function findClusters(
  { clusters, policy }: DoctorDeps,
  wanted: string | undefined,
): Promise<{ found: Cluster[]; lines: Diagnosis[] }> {
  if (wanted !== undefined) return { found: [await clusters(wanted)], lines: [] };
  const found = new Map<string, Cluster>();
  const lines: Diagnosis[] = [];
  await addCluster(clusters, undefined, found).catch((thrown: unknown) => {
    const { message, action } = coerceError(thrown);
    lines.push(red('cluster', message, action));
  });
  for (const name of namedClusters(policy)) await addCluster(clusters, name, found).catch(() => undefined);
  return { found: [...found.values()], lines };
}

async function addCluster(clusters: Clusters, name: string | undefined, found: Map<string, Cluster>): Promise<void> {
  const cluster = await clusters(name);
  found.set(cluster.name, cluster);
}

async function examine<C extends DoctorContext>(
  { name, vital, examine: look }: { name: string; vital?: boolean; examine(context: C): Promise<Diagnosis[]> },
  context: C,
): Promise<Diagnosis[]> {
  const nameLine = (context as Partial<ClusterContext>).nameLine ?? ((line: string) => line);
  const line = nameLine(name);
  const limit = AbortSignal.timeout(LIMIT_MS);
  const { promise: late, resolve } = Promise.withResolvers<Diagnosis[]>();
  const timer = setTimeout(
    () => resolve([unchecked(line, `it took longer than ${LIMIT_MS / 1_000} s`)]),
    LIMIT_MS + GRACE_MS,
  );
  try {
    const looking = look({ ...context, signal: AbortSignal.any([context.signal, limit]) });
    return await Promise.race([looking, late]);
  } catch (thrown) {
    return [explain(line, thrown, vital === true)];
  } finally {
    clearTimeout(timer);
  }
}

function explain(line: string, thrown: unknown, vital: boolean): Diagnosis {
  const { message, action } = coerceError(thrown);
  if (vital) return red(line, message, action);
  const away = isDrError(thrown, ...AWAY);
  return unchecked(line, message, away ? undefined : action);
}
