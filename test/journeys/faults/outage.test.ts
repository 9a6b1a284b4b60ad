import { FACT_ROWS } from './fact-rows.ts';
import { OUTAGE_ROWS } from './outage-rows.ts';
import { playRows } from './row.ts';

playRows('docs/faults.md, outages and changed facts', [...OUTAGE_ROWS, ...FACT_ROWS]);
