import { defineCommand } from '../src/contracts.ts';
import { counted } from '../src/domain/counted.ts';
import { logFile } from '../src/domain/log-file.ts';
import { listLogPlaces } from '../src/domain/log-places.ts';
import { findPods } from '../src/reading/find-pods.ts';
import { type ReadLog, readLogs } from '../src/reading/read-logs.ts';
import { countOf, durationOf, namespaceOf } from '../src/reading/read-options.ts';

const TAIL = { unless: 100, most: 2_000 };
/** Containers that are read; a workload with more has hundreds of pods. */
const MOST_PLACES = 40;

export const command = defineCommand({
  name: 'logs',
  summary:
    'Fetches the newest log lines of every pod and container of a workload, secrets taken out as far as they can be told.',
  details: [
    'Where a container has restarted, the log of its life before comes too; init containers come where they hold their pod.',
    "For whoever may request a run on the namespace. In Slack the log comes as a file in the asker's direct messages.",
  ],
  arguments: [
    { name: 'namespace', help: 'The namespace.', required: true },
    { name: 'workload', help: 'A Deployment, StatefulSet, DaemonSet, Job or pod, by its name.', required: true },
  ],
  options: {
    since: { type: 'text', help: 'Only what is not older, such as 15m.' },
    tail: { type: 'text', help: `How many lines of each container, ${TAIL.unless} unless told.` },
    grep: { type: 'text', help: 'Only lines that hold this text, among those.' },
    cluster: { type: 'text', help: 'The kubeconfig context; without it, the default one.' },
  },
  examples: [
    'logs data-processing normalization-service',
    'logs data-processing normalization-service --since 15m --tail 500 --grep error',
  ],

  async handle({ arguments: args, options }, context) {
    const tail = countOf('tail', options['tail'], TAIL);
    const namespace = namespaceOf(args['namespace'] ?? '');
    const sinceMs = options['since'] === undefined ? undefined : durationOf('since', options['since']);
    const reader = await context.openCluster(options['cluster']);
    context.authorize('request', { cluster: reader.cluster.name, namespace });
    const workload = args['workload'] ?? '';
    const pods = await findPods(reader, namespace, workload);
    const places = listLogPlaces(pods);
    const logs = await readLogs(reader, places.slice(0, MOST_PLACES), {
      namespace,
      tail,
      sinceMs,
      grep: options['grep'],
    });
    const left = places.length - logs.length;
    const grep = options['grep'];
    return {
      ok: true,
      lines: [
        `${sumUp(logs, grep)} of ${counted(pods.length, 'pod')} of ${namespace}/${workload}${left > 0 ? `; ${counted(left, 'container')} left out` : ''}.`,
        ...logs.map(renderLine),
      ],
      file: logFile(`${namespace}-${workload}`, `Logs of ${namespace}/${workload}`, logs.flatMap(renderSection)),
      data: logs.map(({ none, ...log }) => ({ ...log, none: none ?? null })),
    };
  },
});

function nameOf({ pod, container, previous }: ReadLog): string {
  return `pod/${pod} ${container}${previous ? ' before its last restart' : ''}`;
}

/** Filtered, few lines or none say little of the log: how many were looked at is said too. */
function sumUp(logs: readonly ReadLog[], grep: string | undefined): string {
  const kept = logs.reduce((sum, { lines }) => sum + lines.length, 0);
  if (grep === undefined) return counted(kept, 'line');
  const read = logs.reduce((sum, log) => sum + log.read, 0);
  return `${counted(kept, 'line')} with "${grep}" among the newest ${read}`;
}

function renderLine(log: ReadLog): string {
  const standing = log.standing === '' ? '' : ` (${log.standing})`;
  return `  ${nameOf(log)}${standing}: ${log.none === undefined ? counted(log.lines.length, 'line') : `no log: ${log.none}`}`;
}

function renderSection(log: ReadLog): string[] {
  return log.lines.length === 0 ? [] : [`==> ${nameOf(log)} <==`, ...log.lines, ''];
}
