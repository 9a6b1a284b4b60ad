/** What Alertmanager sends to a webhook: version 4 of its payload, as Alertmanager 0.25 writes it. */
export interface AlertmanagerPayload {
  receiver: string;
  status: 'firing' | 'resolved';
  alerts: AlertmanagerAlert[];
  groupLabels: Record<string, string>;
  commonLabels: Record<string, string>;
  commonAnnotations: Record<string, string>;
  externalURL: string;
  version: '4';
  groupKey: string;
  truncatedAlerts: number;
}

export interface AlertmanagerAlert {
  status: 'firing' | 'resolved';
  labels: Record<string, string>;
  annotations: Record<string, string>;
  startsAt: string;
  endsAt: string;
  generatorURL: string;
  fingerprint: string;
}

/** A rule of Prometheus that has fired. */
export interface FiringRule {
  labels: Record<string, string>;
  annotations: Record<string, string>;
  /** Milliseconds since 1970. */
  startsAt: number;
  expression: string;
}

/** Go's zero time: it has not ended. */
const NEVER = '0001-01-01T00:00:00Z';
const PROMETHEUS = 'http://prometheus.monitoring:9090';

/** One group, as `group_by: [namespace]` makes it. `endedAt` (ms): all of it is resolved; left out: all of it fires. */
export function buildPayload(rules: readonly FiringRule[], namespace: string, endedAt?: number): AlertmanagerPayload {
  const status = endedAt === undefined ? 'firing' : 'resolved';
  const alerts = rules.map(({ labels, annotations, startsAt, expression }): AlertmanagerAlert => {
    const endsAt = endedAt === undefined ? NEVER : new Date(endedAt).toISOString();
    const generatorURL = `${PROMETHEUS}/graph?g0.expr=${encodeURIComponent(expression).replaceAll('%20', '+')}&g0.tab=1`;
    const times = { startsAt: new Date(startsAt).toISOString(), endsAt };
    return { status, labels, annotations, ...times, generatorURL, fingerprint: fingerprintOf(labels) };
  });
  return {
    receiver: 'muster',
    ...{ status, alerts },
    groupLabels: { namespace },
    commonLabels: inCommon(rules.map(({ labels }) => labels)),
    commonAnnotations: inCommon(rules.map(({ annotations }) => annotations)),
    externalURL: 'http://alertmanager.monitoring:9093',
    version: '4',
    groupKey: `{}:{namespace=${JSON.stringify(namespace)}}`,
    truncatedAlerts: 0,
  };
}

function inCommon(sets: readonly Record<string, string>[]): Record<string, string> {
  const [first = {}, ...more] = sets;
  return Object.fromEntries(Object.entries(first).filter(([name, value]) => more.every((it) => it[name] === value)));
}

const FNV_OFFSET = 14_695_981_039_346_656_037n;
const FNV_PRIME = 1_099_511_628_211n;
const SEPARATOR = Buffer.from([255]);

/** As Prometheus makes it: FNV-1a over the sorted names and values. */
function fingerprintOf(labels: Record<string, string>): string {
  const parts = Object.keys(labels)
    .sort()
    .flatMap((name) => [Buffer.from(name), SEPARATOR, Buffer.from(labels[name] ?? ''), SEPARATOR]);
  const hash = [...Buffer.concat(parts)].reduce(
    (sum, byte) => BigInt.asUintN(64, (sum ^ BigInt(byte)) * FNV_PRIME),
    FNV_OFFSET,
  );
  return hash.toString(16).padStart(16, '0');
}
