import type { Store } from '../cluster/store.ts';
import { readVolume, writeVolume } from '../controllers/volume-data.ts';

/** The claim that the StatefulSet `clickhouse` makes. */
const CLAIM = 'data-clickhouse-0';
export const TICKS = { table: 'market.ticks', rows: 1_482_060 };

const QUERY = /^SELECT (?<what>count\(\)|toUnixTimestamp\(max\(\w+\)\)) FROM (?<table>[\w.]+)$/i;

/** Fills the database's volume unless there is something in it. */
export function seedClickhouse(store: Store, namespace: string): void {
  const claim = store.get('persistentvolumeclaims', namespace, CLAIM);
  if (claim === undefined || Object.keys(readVolume(store, claim)).length > 0) return;
  writeVolume(store, claim, { [TICKS.table]: { rows: TICKS.rows, newest: Math.floor(Date.now() / 1_000) } });
}

/** What ClickHouse's HTTP interface answers to a query, from what lies in the volume of this namespace's claim. */
export function answerQuery(store: Store, namespace: string, query: string): { status: number; body: string } {
  const found = QUERY.exec(query.trim())?.groups;
  if (found === undefined) return { status: 400, body: 'Code: 62. DB::Exception: Syntax error. (SYNTAX_ERROR)\n' };
  const { what = '', table = '' } = found;
  const claim = store.get('persistentvolumeclaims', namespace, CLAIM);
  const data = claim === undefined ? undefined : readVolume(store, claim)[table];
  if (data === undefined) {
    return { status: 404, body: `Code: 60. DB::Exception: Table ${table} does not exist. (UNKNOWN_TABLE)\n` };
  }
  return { status: 200, body: `${/^count/i.test(what) ? data.rows : data.newest}\n` };
}
