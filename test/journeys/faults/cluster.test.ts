import { CLUSTER_ROWS } from './cluster-rows.ts';
import { playRows } from './row.ts';
import { VERIFY_ROWS } from './verify-rows.ts';

playRows('docs/faults.md, cluster', [...CLUSTER_ROWS, ...VERIFY_ROWS]);
