import { TICKS } from '../../../sandbox/seed/clickhouse.ts';
import { loseNamespace } from '../story.ts';
import { eventually, NAMESPACE, type World } from '../world.ts';
import { takeBackup, takeBackupOf, untilGone, whileItIsVerified } from './make-fault.ts';
import type { Row } from './row.ts';

/** ClickHouse must hold so many ticks. */
const assert = (atLeast: number) => (text: string) =>
  `${text}
data:
  - name: ticks are there
    namespace: ${NAMESPACE}
    service: clickhouse
    port: 8123
    path: /?query=SELECT%20count()%20FROM%20${TICKS.table}
    atLeast: ${atLeast}
`;

/** What came back, and is not what it was: data, sidecars. */
export const UNPROVEN_ROWS: Row[] = [
  {
    fault: 'The backup holds a PVC, but not its data',
    ends: 'succeeded',
    sentence: 'NOT checked: data. WITHOUT data: data-postgresql-0 (the backup holds none).',
    restores: 1,
    words: ['--from', 'hollow'],
    arrange: (world) => takeBackupOf(world, 'hollow', stopPostgresql),
  },
  {
    fault: "A pod comes back without its mesh's sidecar: the injector does not run",
    ends: 'failed',
    sentence:
      'pod postgresql-0 runs without the linkerd-proxy its namespace asks for: restart it once the injector runs',
    restores: 1,
    words: ['--from', 'unmeshed'],
    arrange: takeUnmeshedBackup,
  },
  {
    fault: 'The runbook declares no data assertion',
    ends: 'succeeded',
    plan: '? data NOT checked: the runbook declares no assertion',
    sentence: 'NOT checked: data.',
    restores: 1,
  },
  {
    fault: 'The restored data is less than the runbook says it must be',
    ends: 'failed',
    sentence: `1 of 1 data assertions do not hold: data "ticks are there": ${TICKS.rows}, fewer than the 2000000 it must be at least.`,
    restores: 1,
    runbook: assert(2_000_000),
  },
  {
    fault: 'The service that is to tell of the data never answers',
    ends: 'failed',
    sentence: 'Step "data" did not finish in 2 s: data "ticks are there": HTTP 503: "no upstream".',
    restores: 1,
    runbook: (text) =>
      assert(1_000)(text.replace('timeout: 2m', 'timeout: 2s').replace(/^.*service: clickhouse, .*\n/m, '')),
    arrange({ sandbox }) {
      const { services } = sandbox.cluster;
      services.set(NAMESPACE, 'clickhouse', { status: 503, body: 'no upstream' });
      return () => services.set(NAMESPACE, 'clickhouse', 'ok');
    },
  },
  {
    fault: 'Data is lost while it is verified',
    ends: 'failed',
    sentence: 'Not verified: data "ticks are there": 3, fewer than the 1000 it must be at least.',
    restores: 1,
    runbook: assert(1_000),
    arrange:
      ({ sandbox }) =>
      () =>
        sandbox.cluster.services.set(NAMESPACE, 'clickhouse', 'ok'),
    approved: whileItIsVerified(({ sandbox }) =>
      sandbox.cluster.services.set(NAMESPACE, 'clickhouse', { status: 200, body: '3' }),
    ),
  },
];

/** A file-system backup goes by pods: without one there is nothing to read the volume through. */
async function stopPostgresql(world: World): Promise<void> {
  world.sandbox.cluster.store.modify('statefulsets.apps', NAMESPACE, 'postgresql', (it) => {
    it['spec'] = { ...(it['spec'] as object), replicas: 0 };
  });
  await untilGone(world, 'pods', NAMESPACE, 'postgresql-0');
}

/** A backup of the namespace with one pod that was made while the mesh's injector did not run. */
async function takeUnmeshedBackup(world: World): Promise<() => void> {
  const { cluster } = world.sandbox;
  const { store } = cluster;
  await cluster.seed();
  const start = cluster.controllers.stopInjector();
  const ours = () => store.list('pods', NAMESPACE).filter(({ metadata }) => metadata.labels?.['app'] === 'postgresql');
  const [before] = ours();
  store.remove('pods', NAMESPACE, before?.metadata.name ?? '');
  await eventually(
    'another pod',
    () => ours().some(({ metadata }) => metadata.uid !== before?.metadata.uid) || undefined,
  );
  await cluster.seed();
  const forget = takeBackup(world, { name: 'unmeshed' });
  await loseNamespace(world);
  return () => {
    start();
    forget();
  };
}
