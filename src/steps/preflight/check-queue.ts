import type { Check } from '../../domain/plan.ts';
import { Backup, Restore } from '../../domain/velero.ts';
import { describeRestore, findBusyRestores, findRunningBackups, refuseBusy } from '../../domain/velero-queue.ts';
import { type Finding, finding, type PreflightContext } from './finding.ts';
import { lookFor, uncheckedOf } from './look-for.ts';

/** Whether Velero is free: it restores one at a time; and whether a backup would record a half-restored namespace. */
export async function checkQueue(context: PreflightContext): Promise<Finding> {
  const [restores, backups] = await Promise.all([checkRestores(context), checkBackups(context)]);
  return finding([...restores.checks, ...backups.checks], backups.notes, restores.refusals);
}

async function checkRestores(context: PreflightContext): Promise<Finding> {
  const namespace = context.homes.veleroNamespace;
  const restores = await lookFor(context, Restore, { namespace });
  if (restores.unseen.length > 0) return finding(uncheckedOf('queue', restores));
  const [first, ...others] = findBusyRestores(restores.items, context.request.run);
  if (first === undefined)
    return finding([{ name: 'queue', verdict: 'pass', detail: 'no other Restore is under way' }]);
  const refusal = refuseBusy([first, ...others], namespace, context.clock.now());
  return finding([{ name: 'queue', verdict: 'fail', detail: describeRestore(first) }], [], [refusal]);
}

async function checkBackups(context: PreflightContext): Promise<Finding> {
  const { homes, params } = context;
  const backups = await lookFor(context, Backup, { namespace: homes.veleroNamespace });
  if (backups.unseen.length > 0) return finding(uncheckedOf('backups', backups));
  const names = findRunningBackups(backups.items, params.namespace).map(({ metadata }) => metadata.name);
  const notes = names.map(
    (name) =>
      `Backup ${name} is reading ${params.namespace} now: it may record the namespace half restored; do not restore from it later.`,
  );
  const check: Check =
    names.length === 0
      ? { name: 'backups', verdict: 'pass', detail: `no Backup of ${params.namespace} is InProgress` }
      : {
          name: 'backups',
          verdict: 'fail',
          detail: `InProgress and including ${params.namespace}: ${names.join(', ')}`,
        };
  return finding([check], notes);
}
