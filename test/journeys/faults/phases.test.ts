import { PHASE_ROWS } from './phase-rows.ts';
import { playRows } from './row.ts';

playRows('docs/faults.md, phases', PHASE_ROWS);
