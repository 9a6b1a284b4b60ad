import type { Diagnosis } from '../domain/diagnosis.ts';
import type { Policy } from '../domain/policy.ts';
import type { CheckedRouting } from '../domain/routing.ts';
import type { Runbook } from '../domain/runbook.ts';
import type { OwnHomes } from '../domain/target.ts';
import type { ChatInspection, InspectRedis, PagerInspection } from '../inspection-ports.ts';
import type { Clock, Cluster, Clusters } from '../ports.ts';

/** What of the files does not load: whole lines, each with file, line and column; empty where all does. */
export interface BrokenFiles {
  policy: string[];
  runbooks: string[];
}

/** What is looked with, and what it is held against. */
export interface DoctorDeps {
  inspectRedis: InspectRedis;
  /** Undefined where no Slack is configured. */
  chat: ChatInspection | undefined;
  /** Channels by the variable that names them; undefined where it is empty. */
  channels: Record<'SLACK_INCIDENTS_CHANNEL' | 'SLACK_STAKEHOLDERS_CHANNEL', string | undefined>;
  /** Undefined where PagerDuty's REST API is not configured. */
  pager: PagerInspection | undefined;
  /** `from`: in whose name it pages, an e-mail address; `routingKey`: of the second way to page. */
  paging: { from: string | undefined; routingKey: string | undefined };
  /** Whether the secrets are set by which alerts, and PagerDuty's webhooks, prove where they come from. */
  inbound: { alerts: boolean; pagerDuty: boolean };
  /** Reads the file of ROUTING_FILE; undefined: none is named. */
  checkRouting(): Promise<CheckedRouting | undefined>;
  clusters: Clusters;
  policy: Policy | undefined;
  runbooks: ReadonlyMap<string, Runbook>;
  broken: BrokenFiles;
  homes: OwnHomes;
  clock: Clock;
}

export interface DoctorContext extends DoctorDeps {
  /** The clusters that are looked at. */
  examined: readonly Cluster[];
  signal: AbortSignal;
}

export interface ClusterContext extends DoctorContext {
  cluster: Cluster;
  /** `prod: velero`: how a line about this cluster is named. */
  nameLine(line: string): string;
}

interface Named {
  /** The name of its line, or the first word of the names of its lines. */
  name: string;
}

/**
 * What one file of src/doctor/lines looks at. Where it throws because Redis, Slack or a cluster does not answer, its line is unchecked; only
 * the `vital` one is red then, so that one trouble is one red line.
 */
export type Examination = Named & { vital?: boolean } & (
    | { about: 'installation'; examine(context: DoctorContext): Promise<Diagnosis[]> }
    | { about: 'cluster'; examine(context: ClusterContext): Promise<Diagnosis[]> }
  );

export function defineExamination(examination: Examination): Examination {
  return examination;
}
