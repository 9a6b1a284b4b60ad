import { BACKUP_CREATE_ROWS } from './backup-create-rows.ts';
import { playRows } from './row.ts';

playRows('docs/faults.md, backups that are asked for', BACKUP_CREATE_ROWS);
