import type { CommandContext, Reply, RunOrder } from './contracts.ts';
import { parsePastTime } from './domain/moment.ts';
import { planRefusals } from './domain/plan.ts';
import type { RunRequest } from './domain/run-events.ts';
import { requestTargets } from './domain/runbook.ts';
import { targetKey } from './domain/target.ts';
import { DrError } from './errors.ts';
import { beginRun, namedIncident } from './responding/begin-run.ts';
import { renderDryPlan } from './views/plan.ts';
import { renderRequested } from './views/run.ts';

/** What a command asks for; `only`: nothing is recorded, just the plan is shown, or what it would create. */
export interface Asked extends Pick<RunOrder, 'runbook' | 'params' | 'cluster'> {
  only: 'plan' | 'manifest' | undefined;
  /** The incident that it is said to belong to. */
  incident: string | undefined;
}

/** The one way from a command to a run. @throws DrError COMMAND_INVALID, RUNBOOK_NOT_FOUND, ACCESS_DENIED and others of `prepare` */
export async function askForRun({ only, incident: named, ...asked }: Asked, context: CommandContext): Promise<Reply> {
  const { actor, origin, text: command, ledger, runs } = context;
  const request = await runs.prepare({ ...asked, by: actor, command, origin });
  if (only !== undefined) return planOnly(request, only, context);
  for (const target of requestTargets(runs.runbooks.get(request.runbook.name), request))
    context.authorize('request', target);
  const [holder, others, incident] = await Promise.all([
    ledger.holder(targetKey(request.target)),
    runs.others(request),
    namedIncident(context, named),
  ]);
  const { run, lines } = await beginRun(context, request, incident);
  return {
    ok: true,
    lines: [...renderRequested(request, holder, others), ...lines],
    data: { run, target: { ...request.target } },
    follow: { run, byDefault: true },
  };
}

/** Nothing is recorded, so this works with Redis gone too. */
async function planOnly(request: RunRequest, only: 'plan' | 'manifest', context: CommandContext): Promise<Reply> {
  context.authorize('read', request.target);
  const plan = await context.runs.plan(request, context.signal);
  const ok = planRefusals(plan).length === 0;
  const data = { plan, target: { ...request.target } };
  if (!ok || only === 'plan')
    return { ok, lines: [...renderDryPlan(request, plan), 'Dry run: nothing was recorded or changed.'], data };
  const objects = await context.runs.manifests(request, plan, context.signal);
  return {
    ok,
    lines: objects.map((object) => JSON.stringify(object, null, 2)),
    notes: renderDryPlan(request, plan),
    data: { ...data, manifests: objects },
  };
}

/** A time that has passed, as the record keeps it: `03:04` means another one tomorrow. @throws DrError COMMAND_INVALID */
export function fullTime(name: string, text: string, now: number): string {
  const moment = parsePastTime(text, now);
  if ('ms' in moment) return new Date(moment.ms).toISOString();
  throw new DrError({
    code: 'COMMAND_INVALID',
    message: `${name} "${text}" ${moment.message}.`,
    action: 'Correct the command; nothing was started.',
  });
}
