import { BACKUP_CREATE_ROWS } from './backup-create-rows.ts';
import { BACKUP_ROWS } from './backup-rows.ts';
import { CLUSTER_ROWS } from './cluster-rows.ts';
import { FACT_ROWS } from './fact-rows.ts';
import { FILE_ROWS } from './file-rows.ts';
import { OUTAGE_ROWS } from './outage-rows.ts';
import { PHASE_ROWS } from './phase-rows.ts';
import { RESTORE_ROWS } from './restore-rows.ts';
import type { Row } from './row.ts';
import { SURROUNDINGS_ROWS } from './surroundings-rows.ts';
import { UNPROVEN_ROWS } from './unproven-rows.ts';
import { VERIFY_ROWS } from './verify-rows.ts';

/** The fault table: each part is played by one of the tests beside it. */
export const TABLE: Row[] = [
  ...BACKUP_ROWS,
  ...SURROUNDINGS_ROWS,
  ...FACT_ROWS,
  ...RESTORE_ROWS,
  ...PHASE_ROWS,
  ...CLUSTER_ROWS,
  ...OUTAGE_ROWS,
  ...FILE_ROWS,
  ...VERIFY_ROWS,
  ...UNPROVEN_ROWS,
  ...BACKUP_CREATE_ROWS,
];

export function findRow(fault: string): Row {
  const row = TABLE.find((it) => it.fault === fault);
  if (row === undefined) throw new Error(`no row of the table is: ${fault}`);
  return row;
}
