import { playRows } from './row.ts';
import { UNPROVEN_ROWS } from './unproven-rows.ts';

playRows('docs/faults.md, what came back and is not proven', UNPROVEN_ROWS);
