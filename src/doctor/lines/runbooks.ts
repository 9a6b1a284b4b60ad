import { ok, red, warning } from '../../domain/diagnosis.ts';
import type { Runbook } from '../../domain/runbook.ts';
import { defineExamination } from '../examination.ts';

/** Whether there are runbooks, and whether they can tell that what was restored works. */
export const examination = defineExamination({
  name: 'runbooks',
  about: 'installation',
  examine: async ({ runbooks, policy, broken }) => {
    if (broken.runbooks.length > 0) {
      const remedy = 'Correct them; until then Muster does not start, and the terminal does without: dr runbooks check';
      return [red('runbooks', broken.runbooks.join('; '), remedy)];
    }
    if (runbooks.size === 0)
      return [
        red(
          'runbooks',
          'there is none',
          'Name a folder that has some in RUNBOOKS_DIR; empty: the ones that come with Muster.',
        ),
      ];
    const named = [...new Set(policy?.allow.flatMap(({ namespaces }) => namespaces) ?? [])].filter(
      (name) => name !== '*',
    );
    const without = (kind: 'health' | 'data') => named.filter((name) => !isDeclared(runbooks, kind, name));
    const gaps = (['health', 'data'] as const).flatMap((kind) => {
      const namespaces = without(kind);
      return namespaces.length === 0 ? [] : [`no check of ${kind} for ${namespaces.join(', ')}`];
    });
    const count = `${runbooks.size} loaded: ${[...runbooks.keys()].join(', ')}`;
    if (gaps.length === 0) return [ok('runbooks', count)];
    const remedy = 'Declare them under "health" and "data" of the runbook, or a recovery ends with "NOT checked".';
    return [ok('runbooks', count), warning('checks declared', gaps.join('; '), remedy)];
  },
});

function isDeclared(runbooks: ReadonlyMap<string, Runbook>, kind: 'health' | 'data', namespace: string): boolean {
  return [...runbooks.values()].some((runbook) =>
    runbook[kind].some(({ namespace: own }) => own === undefined || own === namespace),
  );
}
