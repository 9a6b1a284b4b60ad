import type { Delivery } from '../domain/delivery.ts';
import type { Ledger } from '../ports.ts';

/** What is delivered again within a day was taken already; Slack gives up after an hour. */
const CLAIM_MS = 24 * 3_600_000;

/** True for the first who takes it. @throws DrError LEDGER_UNREACHABLE */
export function claimDelivery(ledger: Pick<Ledger, 'claim'>, { id }: Pick<Delivery, 'id'>): Promise<boolean> {
  return ledger.claim(keyOf(id), CLAIM_MS);
}

/** @throws DrError LEDGER_UNREACHABLE */
export function isTaken(ledger: Pick<Ledger, 'isClaimed'>, { id }: Pick<Delivery, 'id'>): Promise<boolean> {
  return ledger.isClaimed(keyOf(id));
}

function keyOf(id: string): string {
  return `slack/${id}`;
}
