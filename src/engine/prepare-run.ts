import type { RunOrder } from '../contracts.ts';
import { hashJson } from '../domain/digest.ts';
import { renderProblem } from '../domain/problem.ts';
import type { RunRequest } from '../domain/run-events.ts';
import {
  deadlineMs,
  fillParams,
  type Runbook,
  resolveContentNamespace,
  resolveNamespace,
  resolveNamespaces,
  resolveSteps,
  stepNamespaces,
} from '../domain/runbook.ts';
import { suggest } from '../domain/suggest.ts';
import { protectedReason } from '../domain/target.ts';
import { DrError } from '../errors.ts';
import type { PlanDeps } from './make-plan.ts';
import { newRunId } from './run-id.ts';

export interface PrepareDeps extends PlanDeps {
  runbooks: ReadonlyMap<string, Runbook>;
}

/** Fills in and checks a request; nothing is recorded. @throws DrError COMMAND_INVALID, RUNBOOK_NOT_FOUND, CLUSTER_UNKNOWN, PLAN_REFUSED */
export async function prepareRun(deps: PrepareDeps, order: RunOrder): Promise<RunRequest> {
  const runbook = findRunbook(deps.runbooks, order.runbook);
  const filled = fillParams(runbook, order.params);
  if ('problems' in filled) {
    throw new DrError({
      code: 'COMMAND_INVALID',
      message: filled.problems.map(renderProblem).join('; '),
      action: 'Correct the command; nothing was started.',
    });
  }
  const namespace = resolveNamespace(runbook, filled.params);
  const steps = resolveSteps(runbook, filled.params);
  const named = [namespace, ...resolveNamespaces(runbook, filled.params), ...stepNamespaces(steps)];
  for (const each of new Set(named)) refuseProtected(deps, each);
  const content = resolveContentNamespace(runbook, filled.params);
  const isDeclared = (it: { namespace?: string | undefined }) => it.namespace === undefined || it.namespace === content;
  const cluster = await deps.clusters(order.cluster);
  return {
    run: newRunId(order.origin?.delivery),
    installation: '',
    command: order.command,
    runbook: { name: order.runbook, title: runbook.title, hash: hashJson(runbook), deadlineMs: deadlineMs(runbook) },
    params: filled.params,
    target: { cluster: cluster.name, namespace },
    steps,
    health: runbook.health.filter(isDeclared),
    data: runbook.data.filter(isDeclared),
    by: order.by,
    ...(order.origin === undefined ? {} : { origin: order.origin }),
  };
}

function findRunbook(runbooks: ReadonlyMap<string, Runbook>, name: string): Runbook {
  const runbook = runbooks.get(name);
  if (runbook !== undefined) return runbook;
  const near = suggest(name, [...runbooks.keys()]);
  throw new DrError({
    code: 'RUNBOOK_NOT_FOUND',
    message: `There is no runbook "${name}".${near === undefined ? '' : ` Did you mean "${near}"?`}`,
    action: 'List them: dr runbooks',
  });
}

function refuseProtected({ homes }: PrepareDeps, namespace: string): void {
  const reason = protectedReason(namespace, homes);
  if (reason === undefined) return;
  throw new DrError({
    code: 'PLAN_REFUSED',
    message: `${reason}; Muster never acts on it.`,
    action: 'Muster, its Redis and Velero must live outside what they restore.',
  });
}
