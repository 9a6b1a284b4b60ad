import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { Policy } from '../src/domain/policy.ts';
import { Runbook } from '../src/domain/runbook.ts';

/** The JSON Schemas that editors check and complete with. `UPDATE_DOCS=1 npx vitest run test/schemas.test.ts` writes them. */

const ROOT = join(import.meta.dirname, '..');
const SCHEMAS: [string, z.ZodType][] = [
  ['policy', Policy],
  ['runbook', Runbook],
];
const fileOf = (name: string) => join(ROOT, 'docs/schema', `${name}.schema.json`);

test.each(SCHEMAS)('docs/schema/%s.schema.json is what the loader checks', async (name, schema) => {
  const made = { title: `Muster ${name}`, ...z.toJSONSchema(schema, { io: 'input', target: 'draft-7' }) };
  const text = `${JSON.stringify(made, null, 2)}\n`;
  if (process.env['UPDATE_DOCS'] !== undefined) await writeFile(fileOf(name), text);
  expect(await readFile(fileOf(name), 'utf8')).toBe(text);
});

async function checkerOf(name: string) {
  return new Ajv({ strict: false }).compile(JSON.parse(await readFile(fileOf(name), 'utf8')));
}

test('the runbooks that are shipped fit their schema', async () => {
  const check = await checkerOf('runbook');
  check(parse(await readFile(join(ROOT, 'runbooks/restore-namespace.yaml'), 'utf8')));
  expect(check.errors).toBeNull();
});

describe('the policies in the guides', () => {
  test.each(['docs/policy.md', 'README.md'])('%s: each can be loaded and fits the schema', async (file) => {
    const text = await readFile(join(ROOT, file), 'utf8');
    const examples = [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].flatMap(([, yaml]) => yaml ?? []);
    expect(examples.length).toBeGreaterThan(0);
    const check = await checkerOf('policy');
    for (const example of examples) {
      expect(Policy.safeParse(parse(example)).error).toBeUndefined();
      check(parse(example));
      expect(check.errors).toBeNull();
    }
  });

  test('a misspelt right and an unknown key do not fit', async () => {
    const check = await checkerOf('policy');
    const rule = { group: 'a', may: ['aprove'], clusters: ['*'], namespaces: ['*'] };
    expect(check({ groups: { a: {} }, allow: [rule] })).toBe(false);
    expect(check({ groups: {}, breakGlas: [] })).toBe(false);
  });
});
