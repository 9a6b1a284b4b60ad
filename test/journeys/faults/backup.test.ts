import { BACKUP_ROWS } from './backup-rows.ts';
import { playRows } from './row.ts';

playRows('docs/faults.md, backup', BACKUP_ROWS);
