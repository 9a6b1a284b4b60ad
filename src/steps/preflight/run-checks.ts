import { checkAdmission } from './check-admission.ts';
import { checkOwners } from './check-owners.ts';
import { checkQueue } from './check-queue.ts';
import { checkQuota } from './check-quota.ts';
import { checkStorage } from './check-storage.ts';
import { checkVelero } from './check-velero.ts';
import type { Finding, PreflightContext } from './finding.ts';

type CheckOf = (context: PreflightContext) => Promise<Finding>;

/** All checks at once. Of the notes, those on owners come first. @throws DrError CLUSTER_UNREACHABLE as soon as one check throws it */
export async function runChecks(context: PreflightContext): Promise<Finding> {
  const stop = new AbortController();
  const shared = { ...context, signal: AbortSignal.any([context.signal, stop.signal]) };
  const run = (check: CheckOf) =>
    check(shared).catch((thrown: unknown) => {
      stop.abort(thrown);
      throw thrown;
    });
  const checks = [checkOwners, checkVelero, checkQueue, checkStorage, checkAdmission, checkQuota];
  const running = checks.map(run);
  // Waited for even when one has failed: what was asked of Velero must be taken away again.
  await Promise.allSettled(running);
  if (stop.signal.aborted) throw stop.signal.reason;
  const [owners, ...others] = await Promise.all(running);
  return {
    checks: [...others, ...(owners ? [owners] : [])].flatMap((it) => it.checks),
    refusals: others.flatMap(({ refusals }) => refusals),
    notes: [...(owners?.notes ?? []), ...others.flatMap(({ notes }) => notes)],
  };
}
