import { CLUSTER_ROWS } from './cluster-rows.ts';
import { playRows } from './row.ts';

playRows('docs/faults.md, cluster', CLUSTER_ROWS);
