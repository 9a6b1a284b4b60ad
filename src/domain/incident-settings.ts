import type { EffectName } from './incident-effects.ts';

export interface IncidentSettings {
  /** How often people are to be told how it stands, ms. */
  statusUpdateMs: number;
  /** Which ways of paging are configured. */
  pager: { rest: boolean; events: boolean };
  /** Whether there is a Slack. */
  chat: boolean;
  /** The incidents channel, and the stakeholders'. */
  announceIn: string | undefined;
  stakeholders: string | undefined;
}

export interface EffectRef {
  name: EffectName;
  of?: string | number;
}
