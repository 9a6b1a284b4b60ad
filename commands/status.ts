import { type CommandContext, defineCommand, type Reply } from '../src/contracts.ts';
import type { IncidentView } from '../src/domain/incident.ts';
import { parseIncidentName } from '../src/domain/incident-name.ts';
import { isOver } from '../src/domain/run.ts';
import { coerceError, DrError, isDrError } from '../src/errors.ts';
import { describeNewestBackup } from '../src/reading/newest-backup.ts';
import { findIncident, INCIDENT_OPTION, incidentHere } from '../src/responding/find-incident.ts';
import { showList, showStatus } from '../src/responding/show-incident.ts';
import { describeRun, renderOthers, renderRun, renderRunList } from '../src/views/run.ts';
import { disarm } from '../src/views/slack/markup.ts';

/** How many runs are looked at for those that are not over. */
const NEWEST = 100;

export const command = defineCommand({
  name: 'status',
  group: 'incidents',
  summary: 'Shows how an incident or a run stands, and what to do next.',
  details: [
    "Without either: in an incident's room that incident; elsewhere the open incidents and the unfinished runs.",
  ],
  arguments: [{ name: 'incident or run', help: "An incident's id or room, or a run, as `dr runs` lists it." }],
  options: INCIDENT_OPTION,
  examples: ['status', 'status 20261126-174158', 'status k7m2qd'],

  async handle({ arguments: args, options }, context) {
    const asked = args['incident or run'] ?? options['incident'];
    const named = asked ?? (await incidentHere(context));
    if (named === undefined) return showOpen(context);
    return options['incident'] === undefined && parseIncidentName(named) === undefined
      ? showRun(named, context)
      : showOne(named, context);
  },
});

async function showOne(named: string, context: CommandContext): Promise<Reply> {
  const view = await findIncident(context, named);
  return { ok: true, ...(await showStatus(context, view, await newestBackup(view, context))) };
}

/** How long it may take to find the newest usable backup, ms: whoever asks waits. */
const BACKUP_LIMIT_MS = 10_000;

/** As it is now; undefined where no namespace is known to be affected. */
async function newestBackup({ state }: IncidentView, context: CommandContext): Promise<string | undefined> {
  const { target } = state.opening;
  if (target === undefined) return undefined;
  try {
    const reader = await context.openCluster(target.cluster);
    const signal = AbortSignal.any([reader.signal, AbortSignal.timeout(BACKUP_LIMIT_MS)]);
    return await describeNewestBackup({ ...reader, signal }, target.namespace, state.declaredAt);
  } catch (thrown) {
    return `The newest backup of ${target.namespace} could not be looked up: ${coerceError(thrown).message}`;
  }
}

async function showOpen(context: CommandContext): Promise<Reply> {
  const { incidents, runs, clock } = context;
  const [open, newest] = await Promise.all([incidents.open(), runs.list(NEWEST)]);
  const unfinished = newest.filter(({ state }) => !isOver(state));
  const { lines, data } = showList(context, open);
  return {
    ok: true,
    lines: [
      ...(open.length === 0 ? ['No incident is open.'] : lines),
      ...(unfinished.length === 0 ? ['No run is unfinished.'] : renderRunList(unfinished, clock.now())),
    ],
    data: { incidents: data, runs: unfinished.map(describeRun) },
  };
}

function neither(named: string): DrError {
  return new DrError({
    code: 'RUN_NOT_FOUND',
    message: `There is no run or incident "${disarm(named).slice(0, 80)}".`,
    action: 'List the runs there are: dr runs; the incidents: dr incidents --all',
  });
}

async function showRun(run: string, { runs, clock, signal }: CommandContext): Promise<Reply> {
  const view = await runs.read(run).catch((thrown: unknown) => {
    throw isDrError(thrown, 'RUN_NOT_FOUND') ? neither(run) : thrown;
  });
  const progress = isOver(view.state) ? undefined : await runs.progress(view, signal);
  const others = isOver(view.state) ? [] : await runs.others(view.state.request);
  const lines = [...renderRun(view, clock.now(), progress), ...renderOthers(others)];
  const reply = { ok: true, lines, data: describeRun(view) };
  return isOver(view.state) ? reply : { ...reply, follow: { run, byDefault: false } };
}
