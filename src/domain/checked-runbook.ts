import type { Runbook } from './runbook.ts';

/** One file of a folder of runbooks, as the loader sees it. */
export interface CheckedRunbook {
  /** Its path, as seen from the working directory where that is shorter to read. */
  file: string;
  /** What the runbook is called: the file's name without `.yaml`. */
  name: string;
  /** Undefined where there are problems. */
  runbook: Runbook | undefined;
  /** Whole lines, `runbooks/restore.yaml:12:5 unknown key "stepz"; did you mean "steps"?`. */
  problems: string[];
}
