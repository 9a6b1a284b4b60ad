import { defineCommand } from '../src/contracts.ts';
import { formatDuration } from '../src/domain/duration.ts';
import { type EventGroup, groupEvents } from '../src/domain/group-events.ts';
import { Event } from '../src/domain/kinds-events.ts';
import { redactLog } from '../src/domain/redact-log.ts';
import { countOf, namespaceOf } from '../src/reading/read-options.ts';

const LIMIT = { unless: 20, most: 500 };
const LONGEST_NOTE = 300;

export const command = defineCommand({
  name: 'events',
  summary: 'Shows what Kubernetes says about a namespace: warnings first, newest first, the same said often once.',
  details: ['Kubernetes keeps events for an hour unless told otherwise: no event does not mean that nothing happened.'],
  arguments: [{ name: 'namespace', help: 'The namespace.', required: true }],
  options: {
    limit: { type: 'text', help: `How many, ${LIMIT.unless} unless told.` },
    cluster: { type: 'text', help: 'The kubeconfig context; without it, the default one.' },
  },
  examples: ['events data-processing', 'events data-processing --limit 50'],

  async handle({ arguments: args, options }, context) {
    const limit = countOf('limit', options['limit'], LIMIT);
    const namespace = namespaceOf(args['namespace'] ?? '');
    const { cluster, clock, signal } = await context.openCluster(options['cluster']);
    const groups = groupEvents(await cluster.list(Event, { namespace }, signal)).map(withoutSecrets);
    const shown = groups.slice(0, limit);
    const warnings = groups.filter(({ warning }) => warning).length;
    const head =
      groups.length === 0
        ? `No event in ${namespace}; Kubernetes keeps them for about an hour.`
        : `${warnings} warnings and ${groups.length - warnings} others in ${namespace}.`;
    const left = groups.length - shown.length;
    return {
      ok: true,
      lines: [
        head,
        ...shown.map((group) => renderGroup(group, clock.now())),
        ...(left === 0
          ? []
          : [`… and ${left} more: dr events ${namespace} --limit ${Math.min(groups.length, LIMIT.most)}`]),
      ],
      data: shown.map(({ lastSeen, ...group }) => ({ ...group, lastSeen: new Date(lastSeen).toISOString() })),
    };
  },
});

/** Controllers write what images, webhooks and volumes told them. */
function withoutSecrets(group: EventGroup): EventGroup {
  const note = redactLog(group.note);
  return { ...group, note: note.length > LONGEST_NOTE ? `${note.slice(0, LONGEST_NOTE)}…` : note };
}

function renderGroup({ warning, reason, object, note, count, lastSeen }: EventGroup, now: number): string {
  const times = count === 1 ? '' : ` (${count} times)`;
  const age = formatDuration(Math.max(0, now - lastSeen));
  return `${warning ? 'WARNING' : 'normal'} ${age} ago ${reason} ${object}${times}: ${note}`;
}
