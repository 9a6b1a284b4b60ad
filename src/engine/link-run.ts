import { incidentStream } from '../domain/incident-events.ts';
import type { Ledger } from '../ports.ts';

/** The lease of a run that belongs to an incident, for ever. */
export function linkTarget(run: string): string {
  return `incident-of/${run}`;
}

/** The incident's stream whose run this is, if it is one's. @throws DrError LEDGER_UNREACHABLE */
export async function incidentOfRun(ledger: Pick<Ledger, 'holder'>, run: string): Promise<string | undefined> {
  const stream = await ledger.holder(linkTarget(run));
  return stream?.startsWith(incidentStream('')) === true ? stream : undefined;
}
