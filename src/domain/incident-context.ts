import type { IncidentView } from './incident.ts';
import type { IncidentSettings } from './incident-settings.ts';
import type { RunView } from './run.ts';

/** What the messages about an incident are made from. Text in it is untrusted. */
export interface IncidentContext {
  view: IncidentView;
  /** ms since 1970. */
  now: number;
  settings: IncidentSettings;
  /** The recovery runs that belong to it, and where the one at work stands. */
  runs: { view: RunView; progress: string | undefined }[];
  /** The affected namespace's newest usable backup, as one sentence; undefined: no namespace, or not looked up yet. */
  backup: string | undefined;
}
