import type { Alert, Received } from '../../domain/alert.ts';
import { cleanAlert } from '../../domain/clean-alert.ts';

/** So many alerts are one entry of the inbox: a body with thousands must not become one that is too large to read back in time. */
const PACK = 50;

/** Alerts as entries of the inbox, cleaned. */
export function packAlerts(alerts: readonly Alert[], at: number): { item: Received }[] {
  const packs: { item: Received }[] = [];
  for (let from = 0; from < alerts.length; from += PACK) {
    packs.push({ item: { kind: 'alerts', at, alerts: alerts.slice(from, from + PACK).map(cleanAlert) } });
  }
  return packs;
}
