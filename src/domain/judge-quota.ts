import type { ResourceQuota } from './kinds-admission.ts';
import type { Check } from './plan.ts';
import { parseQuantity } from './quantity.ts';

/** More than this share of cpu, memory or storage used: a restore is likely to be refused. */
const TIGHT = 0.9;

interface Resource {
  name: string;
  hard: string | number;
  used: string | number;
}

/** What a ResourceQuota still lets in, with its numbers. `unchecked` while Kubernetes has not counted yet. */
export function judgeQuota({ metadata, spec, status }: ResourceQuota): Check {
  const name = `quota ${metadata.name}`;
  const hard = Object.entries(status?.hard ?? spec?.hard ?? {});
  const resources = hard.map(([resource, limit]) => ({ name: resource, hard: limit, used: status?.used?.[resource] }));
  const counted = resources.filter((it): it is Resource => it.used !== undefined);
  const tight = counted.filter(isTight);
  if (tight.length > 0) return { name, verdict: 'fail', detail: `little is left: ${describe(tight)}` };
  const unclear = resources.filter(({ hard: limit, used = '' }) => !readable(limit) || !readable(used));
  if (unclear.length > 0)
    return {
      name,
      verdict: 'unchecked',
      detail: `not counted by Kubernetes yet: ${unclear.map((it) => it.name).join(', ')}`,
    };
  return { name, verdict: 'pass', detail: describe(counted) || 'it limits nothing' };
}

function readable(quantity: string | number): boolean {
  return parseQuantity(quantity) !== undefined;
}

function isTight(resource: Resource): boolean {
  const hard = parseQuantity(resource.hard);
  const used = parseQuantity(resource.used);
  if (hard === undefined || used === undefined) return false;
  // A limit of none on a kind of Service is a rule of the house, not a shortage.
  if (hard === 0 && resource.name.startsWith('services.')) return false;
  return isMeasured(resource.name) ? used > hard * TIGHT || hard === 0 : used >= hard;
}

/** Measured, not counted (Kubernetes, "Resource Quotas": compute and storage). */
function isMeasured(name: string): boolean {
  return /(^|[./])(cpu|memory|storage|ephemeral-storage)$/.test(name) && !name.startsWith('count/');
}

function describe(resources: readonly Resource[]): string {
  return resources.map(describeResource).join(', ');
}

function describeResource({ name, hard, used }: Resource): string {
  const limit = parseQuantity(hard) ?? 0;
  const now = parseQuantity(used) ?? 0;
  if (isMeasured(name)) return `${name} ${used} of ${hard} used${limit > 0 ? ` (${percent(now / limit)})` : ''}`;
  return `${name} ${used} of ${hard} used (${Math.max(0, limit - now)} free)`;
}

/** Rounded down, so that 100 % means full. */
function percent(share: number): string {
  return `${Math.floor(share * 100)} %`;
}
