// biome-ignore-all lint/suspicious/noTemplateCurlyInString: runbooks are written so
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { z } from 'zod';
import { loadRunbooks } from '../../src/adapters/yaml-file.ts';
import { DrError } from '../../src/errors.ts';

export const GOOD_RUNBOOK = `title: Restore a namespace
summary: Restores it.
command: restore namespace
params:
  namespace: { type: namespace, required: true }
  backup: { type: name }
  wait: { type: duration, default: 10m }
target:
  namespace: \${namespace}
deadline: 30m
steps:
  - id: restore
    uses: velero.restore
    with:
      namespace: \${namespace}
      backup: \${backup}
    timeout: \${wait}
  - id: check
    uses: http.check
    when: { param: backup, is: set }
    with:
      checks:
        - { service: web, port: 8080, path: /health }
    timeout: 3m
`;

/** What the good runbook is written for. */
export const STEP_TYPES = new Map([
  ['velero.restore', { params: z.strictObject({ namespace: z.string(), backup: z.string().optional() }) }],
  [
    'http.check',
    {
      params: z.strictObject({
        checks: z.array(z.strictObject({ service: z.string(), port: z.int(), path: z.string() })),
      }),
    },
  ],
]);

/** A folder of files, gone when the test is over. */
export async function writeFolder(files: Record<string, string | Uint8Array>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'yaml-folder-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  return folder;
}

/** The DrError that the promise is rejected with. */
export async function refusalOf(loading: Promise<unknown>): Promise<DrError> {
  const thrown = await loading.then(
    () => new Error('it was taken'),
    (error: unknown) => error,
  );
  if (!(thrown instanceof DrError)) throw thrown;
  return thrown;
}

/** The lines of the refusal of these runbooks, without the folder. */
export async function problemsOf(files: Record<string, string | Uint8Array>): Promise<string[]> {
  const folder = await writeFolder(files);
  const error = await refusalOf(loadRunbooks(folder, STEP_TYPES));
  expect(error.code).toBe('CONFIG_INVALID');
  return error.message.split('\n').map((line) => line.replace(`${folder}/`, ''));
}

/** What one change to the good runbook, as `r.yaml`, leads to. */
export async function problemsAfter(from: string, to: string): Promise<string[]> {
  expect(GOOD_RUNBOOK).toContain(from);
  return problemsOf({ 'r.yaml': GOOD_RUNBOOK.replace(from, to) });
}
