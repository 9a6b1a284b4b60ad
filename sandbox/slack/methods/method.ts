import type { Arguments } from '../arguments.ts';
import type { Triggers } from '../triggers.ts';
import type { Uploads } from '../uploads.ts';
import type { Workspace } from '../workspace.ts';

export interface MethodContext {
  workspace: Workspace;
  triggers: Triggers;
  uploads: Uploads;
  /** The scopes that the bot's token has. */
  granted: ReadonlySet<string>;
  /** The scopes that the app-level token has. */
  appGranted: ReadonlySet<string>;
  issueSocketUrl(): string;
  /** `http://127.0.0.1:<port>` */
  origin(): string;
}

/** A method of the Web API: what it answers besides `ok: true`, or a SlackError. */
export type Method = (context: MethodContext, args: Arguments) => Record<string, unknown>;
