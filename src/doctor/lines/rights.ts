import { ok, red } from '../../domain/diagnosis.ts';
import { nameRight, RIGHTS, type Right } from '../../domain/rights.ts';
import type { Runbook } from '../../domain/runbook.ts';
import { type ClusterContext, defineExamination } from '../examination.ts';

/** Whether RBAC allows everything that a restore asks for. */
export const examination = defineExamination({
  name: 'rights',
  about: 'cluster',
  examine: async (context) => {
    const line = context.nameLine('rights');
    const rights = [...RIGHTS, ...rightsOfRunbooks(context.runbooks)];
    const allowed = await Promise.all(rights.map((right) => isAllowed(context, right)));
    const missing = rights.filter((_right, index) => allowed[index] === false);
    if (missing.length === 0) return [ok(line, `all ${rights.length} that a restore needs are given`)];
    const { veleroNamespace } = context.homes;
    const named = missing.map((right) =>
      right.where === 'velero' ? `${nameRight(right)} in ${veleroNamespace}` : nameRight(right),
    );
    const proxies = missing.every(({ resource }) => resource === 'services/proxy');
    const remedy = proxies
      ? 'Allow the checks of the runbooks: deploy/overlays/example/health-checks.yaml'
      : 'Give them to this identity: kubectl apply -k deploy/rights';
    return [red(line, `not given: ${named.join(', ')}`, remedy)];
  },
});

function isAllowed({ cluster, homes, signal }: ClusterContext, { where, ...right }: Right): Promise<boolean> {
  return cluster.may(where === 'velero' ? { ...right, namespace: homes.veleroNamespace } : right, signal);
}

/** The services that checks of health and data are asked of, through the API server. */
function rightsOfRunbooks(runbooks: ReadonlyMap<string, Runbook>): Right[] {
  const asked = [...runbooks.values()].flatMap(({ health, data }) => [...health, ...data]);
  const names = new Set(asked.map(({ service, port }) => `http:${service}:${port}`));
  return [...names].map((name) => ({ verb: 'get', group: '', resource: 'services/proxy', name, where: 'cluster' }));
}
