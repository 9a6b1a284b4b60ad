import type { StepType } from '../contracts.ts';
import type { OwnHomes } from '../domain/target.ts';
import type { Clock, Clusters, Download, Ledger } from '../ports.ts';

/** What the engine is given; registries are passed in, never imported. */
export interface EngineDeps {
  ledger: Ledger;
  clusters: Clusters;
  steps: ReadonlyMap<string, StepType>;
  clock: Clock;
  download: Download;
  homes: OwnHomes;
  /** This process, as streams name it: new at every start, so that a restart shows. */
  worker: string;
  log: Log;
}

export interface Log {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}
