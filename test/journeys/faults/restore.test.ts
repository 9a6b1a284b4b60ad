import { FILE_ROWS } from './file-rows.ts';
import { RESTORE_ROWS } from './restore-rows.ts';
import { playRows } from './row.ts';

playRows('docs/faults.md, restore', [...RESTORE_ROWS, ...FILE_ROWS]);
