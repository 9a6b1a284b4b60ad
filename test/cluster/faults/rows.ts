import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Row } from '../../journeys/faults/row.ts';
import type { Arrangement } from './arrangement.ts';
import { ARRANGEMENTS } from './arrangements.ts';
import { LEFT_OUT } from './left-out.ts';

/** What the table's rows may say beside; a table that says less is as good. */
export type TableRow = Row & {
  /** What the plan says of it before it is approved. */
  plan?: string;
  /** Another namespace than the usual one. */
  namespace?: string;
  /** The command is refused at the door: no run is begun. */
  door?: true;
};

export interface RealRow {
  row: TableRow;
  arrangement: Arrangement;
}

const FOLDER = join(import.meta.dirname, '../../journeys/faults');

/** The whole fault table: every list of rows in every file of rows. */
export async function loadTable(): Promise<TableRow[]> {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('-rows.ts'));
  const modules = await Promise.all(
    files.map((file) => import(join(FOLDER, file)) as Promise<Record<string, unknown>>),
  );
  return modules.flatMap((module) => Object.values(module).filter(isRows).flat());
}

function isRows(value: unknown): value is TableRow[] {
  return Array.isArray(value) && value.every((it) => typeof it === 'object' && it !== null && 'fault' in it);
}

/** What is played; with `workloads`, also what ends after the restore. */
export function listPlayed(rows: readonly TableRow[], workloads: boolean): RealRow[] {
  return rows.flatMap((row) => {
    const arrangement = ARRANGEMENTS[row.fault];
    if (arrangement === undefined || (arrangement.needs === 'workloads' && !workloads)) return [];
    return [{ row, arrangement }];
  });
}

const LISTS =
  'ARRANGEMENTS (test/cluster/faults/arrangements.ts and what it takes in) and LEFT_OUT (test/cluster/faults/left-out.ts)';

/** The rows that are in neither list, or in both, as sentences that say what to do. */
export function findMisplaced(rows: readonly Pick<Row, 'fault'>[]): string[] {
  return rows.flatMap(({ fault }) => {
    const places = [ARRANGEMENTS, LEFT_OUT].filter((list) => Object.hasOwn(list, fault)).length;
    if (places === 1) return [];
    return [`The row "${fault}" is in ${places === 0 ? 'neither' : 'both'} of ${LISTS}: put it into one of them.`];
  });
}
