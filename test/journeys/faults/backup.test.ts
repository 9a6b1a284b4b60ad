import { BACKUP_ROWS } from './backup-rows.ts';
import { playRows } from './row.ts';
import { SURROUNDINGS_ROWS } from './surroundings-rows.ts';

playRows('docs/faults.md, backup', [...BACKUP_ROWS, ...SURROUNDINGS_ROWS]);
