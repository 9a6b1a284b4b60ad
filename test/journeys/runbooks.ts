import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SHIPPED = join(import.meta.dirname, '../../runbooks/restore-namespace.yaml');

/** A folder for RUNBOOKS_DIR with the shipped runbook as `change` makes it. */
export function writeRunbooks(change: (text: string) => string): { folder: string; remove(): void } {
  const folder = join(mkdtempSync(join(tmpdir(), 'muster-runbooks-')), 'runbooks');
  mkdirSync(folder);
  writeFileSync(join(folder, 'restore-namespace.yaml'), change(readFileSync(SHIPPED, 'utf8')));
  return { folder, remove: () => rmSync(join(folder, '..'), { recursive: true, force: true }) };
}

/** Without what comes from this line on. */
export function cutFrom(text: string, line: string): string {
  const at = text.indexOf(`\n${line}`);
  if (at < 0) throw new Error(`the runbook has no line ${line}`);
  return text.slice(0, at + 1);
}
