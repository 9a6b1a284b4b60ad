import { formatDuration } from './duration.ts';
import type { Refusal } from './plan.ts';
import { RUN_LABEL } from './provenance.ts';
import { type Backup, isTerminalRestorePhase, type Restore } from './velero.ts';

/** Restores of others that are not over: Velero's controller takes one at a time (velero issue 487). */
export function findBusyRestores(restores: readonly Restore[], run: string): Restore[] {
  return restores.filter(
    ({ metadata, status }) => !isTerminalRestorePhase(status?.phase) && metadata.labels?.[RUN_LABEL] !== run,
  );
}

/** As `Restore r1 is InProgress`; a phase that is not set yet is New. */
export function describeRestore({ metadata, status }: Restore): string {
  const run = metadata.labels?.[RUN_LABEL];
  const whose = run === undefined ? '' : ` (Muster run ${run})`;
  return `Restore ${metadata.name}${whose} is ${status?.phase || 'New'}`;
}

/** `now` in ms since 1970. */
export function refuseBusy(busy: readonly [Restore, ...Restore[]], namespace: string, now: number): Refusal {
  const [first, ...others] = busy;
  const { metadata, status } = first;
  const age = formatDuration(now - Date.parse(status?.startTimestamp ?? metadata.creationTimestamp));
  const rest = others.length === 0 ? '' : `; ${others.map(describeRestore).join('; ')}`;
  return {
    code: 'PLAN_REFUSED',
    message: `${describeRestore(first)}, for ${age} now${rest}. Velero does one at a time; wait for it.`,
    action: `Watch it: kubectl -n ${namespace} get restore ${metadata.name} -w. Velero has no cancel; only its restart ends one that is stuck InProgress.`,
  };
}

/** Backups that are reading the namespace's objects now. */
export function findRunningBackups(backups: readonly Backup[], namespace: string): Backup[] {
  return backups.filter(({ spec, status }) => {
    const included = spec.includedNamespaces ?? [];
    const covers = (patterns: readonly string[]) => patterns.some((pattern) => matchesGlob(pattern, namespace));
    if (status?.phase !== 'InProgress' || covers(spec.excludedNamespaces ?? [])) return false;
    return included.length === 0 || covers(included);
  });
}

/** Velero takes globs for namespaces from 1.18 on. */
function matchesGlob(pattern: string, name: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('?', '.'));
  return new RegExp(`^${parts.join('.*')}$`).test(name);
}
