import { appendFileSync } from 'node:fs';

/**
 * Says that `what` (a test file or a group of tests) is left out, and why; `npm test` prints every such line at its end.
 * The convention: MUSTER_SKIPS names a file, one line per skip, `what<TAB>why`. Without it (plain vitest) the line goes to stderr.
 * Call it beside `describe.skipIf(...)`, at the top of the file.
 */
export function announceSkip(what: string, why: string): void {
  const file = process.env['MUSTER_SKIPS'];
  if (file === undefined) process.stderr.write(`skipped: ${what}: ${why}\n`);
  else appendFileSync(file, `${what}\t${why}\n`);
}
