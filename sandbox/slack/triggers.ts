import { SlackError } from './slack-error.ts';
import { makeSecret, type Workspace } from './workspace.ts';

export interface Trigger {
  id: string;
  user: string;
  at: number;
  used: boolean;
  /** The modal it came from, if any. */
  view: string | undefined;
}

export interface Triggers {
  issue(user: string, view?: string): string;
  /** Takes it for opening a view: once, and within its time. */
  exchange(id: string): Trigger;
}

/** Slack's own. */
export const TRIGGER_MS = 3_000;

export function createTriggers(workspace: Workspace, lifeMs = TRIGGER_MS): Triggers {
  const issued = new Map<string, Trigger>();
  return {
    issue(user, view) {
      const id = `${issued.size + 1_001}.${Math.floor(workspace.now() / 1_000)}.${makeSecret()}`;
      issued.set(id, { id, user, at: performance.now(), used: false, view });
      return id;
    },
    exchange(id) {
      const trigger = issued.get(id);
      if (trigger === undefined) throw new SlackError('invalid_trigger_id');
      if (trigger.used) throw new SlackError('exchanged_trigger_id');
      // Real time, even where a test moves the workspace's clock.
      if (performance.now() - trigger.at > lifeMs) throw new SlackError('expired_trigger_id');
      trigger.used = true;
      return trigger;
    },
  };
}
