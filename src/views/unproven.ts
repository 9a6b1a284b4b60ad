import type { Check, Plan } from '../domain/plan.ts';

/** What nobody looked at, and what is not there: it leads plans and reports, so that no one takes it for proven. */

/** The names of the checks that could not be made, each once. */
export function namesUnchecked(checks: readonly Check[]): string[] {
  return [...new Set(checks.filter(({ verdict }) => verdict === 'unchecked').map(({ name }) => name))];
}

/** The PVCs that the restore makes without anything in them, as a sentence with a space before it. */
export function describeWithoutData(plan: Plan | undefined): string {
  const claims = (plan?.parts ?? []).flatMap(({ withoutData }) => withoutData);
  return claims.length === 0 ? '' : ` WITHOUT data: ${claims.join(', ')} (the backup holds none).`;
}

/** For a plan's first line. */
export function describeUnproven(plan: Plan): string {
  const names = namesUnchecked(plan.parts.flatMap(({ checks }) => checks));
  const unchecked = names.length === 0 ? '' : ` ${names.map((name) => `${name} NOT checked`).join(', ')}.`;
  const both = `${unchecked}${describeWithoutData(plan)}`;
  return both === '' ? '' : `.${both}`;
}

/** A check by its name and what was seen, which may say the name itself. */
export function describeCheck({ name, detail }: Check): string {
  return saysSo(name, detail) ? detail : `${name}: ${detail}`;
}

/** Why a check could not be made. */
export function describeUnchecked({ name, detail }: Check): string {
  return saysSo(name, detail) ? detail : `${name} NOT checked: ${detail}`;
}

function saysSo(name: string, detail: string): boolean {
  return detail.startsWith(`${name} NOT checked`);
}
