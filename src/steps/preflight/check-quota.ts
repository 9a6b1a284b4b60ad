import { judgeQuota } from '../../domain/judge-quota.ts';
import { ResourceQuota } from '../../domain/kinds-admission.ts';
import { type Finding, finding, type PreflightContext } from './finding.ts';
import { lookFor, uncheckedOf } from './look-for.ts';

/** Whether the namespace's quotas have room. A full one lets Velero create a Deployment and Kubernetes none of its pods. */
export async function checkQuota(context: PreflightContext): Promise<Finding> {
  const quotas = await lookFor(context, ResourceQuota, { namespace: context.params.namespace });
  if (quotas.unseen.length > 0) return finding(uncheckedOf('quota', quotas));
  if (quotas.items.length === 0) return finding([{ name: 'quota', verdict: 'pass', detail: 'no quota' }]);
  return finding(quotas.items.map(judgeQuota));
}
