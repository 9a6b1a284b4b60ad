import { BACKUPS, SURROUNDINGS } from './arrange-backups.ts';
import { CLUSTERS, OUTAGES, VERIFICATIONS } from './arrange-clusters.ts';
import { FACTS } from './arrange-facts.ts';
import { FILES, RESTORES } from './arrange-restores.ts';
import type { Arrangements } from './arrangement.ts';

/** The rows of the fault table that are played on a real kube-apiserver, by their `fault`. */
export const ARRANGEMENTS: Arrangements = {
  ...BACKUPS,
  ...SURROUNDINGS,
  ...FACTS,
  ...RESTORES,
  ...FILES,
  ...CLUSTERS,
  ...OUTAGES,
  ...VERIFICATIONS,
};
