import { type IncidentEvent, incidentStream } from '../../src/domain/incident-events.ts';
import type { Stage } from './stage.ts';

/** An event of an incident as it lies in Redis. */
export type IncidentLine = IncidentEvent | { type: 'foreign' };

export async function readIncidentLines({ ledger }: Pick<Stage, 'ledger'>, incident: string): Promise<IncidentLine[]> {
  return (await ledger.read(incidentStream(incident))).map(({ event }) => event as IncidentLine);
}
