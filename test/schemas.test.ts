import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import type { StepType } from '../src/contracts.ts';
import { GenericAlerts } from '../src/domain/generic-alerts.ts';
import { Policy } from '../src/domain/policy.ts';
import { Routing } from '../src/domain/routing.ts';
import { loadDirectory } from '../src/registry.ts';
import { describeRunbook } from './runbook-schema.ts';

/** The JSON Schemas that editors check and complete with. `UPDATE_DOCS=1 npx vitest run test/schemas.test.ts` writes them. */

const ROOT = join(import.meta.dirname, '..');
const steps = await loadDirectory<StepType>(join(ROOT, 'src/steps'), 'step');
const SCHEMAS: [string, object][] = [
  ['generic-alerts', z.toJSONSchema(GenericAlerts, { io: 'input', target: 'draft-7' })],
  ['policy', z.toJSONSchema(Policy, { io: 'input', target: 'draft-7' })],
  ['routing', z.toJSONSchema(Routing, { io: 'input', target: 'draft-7' })],
  ['runbook', describeRunbook(steps)],
];
const fileOf = (name: string) => join(ROOT, 'docs/schema', `${name}.schema.json`);

test.each(SCHEMAS)('docs/schema/%s.schema.json is what the loader checks', async (name, schema) => {
  const made = { title: `Muster ${name}`, ...schema };
  const text = `${JSON.stringify(made, null, 2)}\n`;
  if (process.env['UPDATE_DOCS'] !== undefined) await writeFile(fileOf(name), text);
  expect(await readFile(fileOf(name), 'utf8')).toBe(text);
});

async function checkerOf(name: string) {
  return new Ajv({ strict: false, validateFormats: false }).compile(JSON.parse(await readFile(fileOf(name), 'utf8')));
}

test('the runbooks that are shipped fit their schema', async () => {
  const check = await checkerOf('runbook');
  check(parse(await readFile(join(ROOT, 'runbooks/restore-namespace.yaml'), 'utf8')));
  expect(check.errors).toBeNull();
});

describe('what a step type takes is checked while it is typed', () => {
  const stepWith = (uses: string, taken: unknown) => ({
    id: 'one',
    uses,
    ...(taken === undefined ? {} : { with: taken }),
  });
  const runbookOf = (step: object) => ({
    ...{ title: 'x', summary: 'x', params: {}, target: { namespace: 'shop' }, deadline: '5m' },
    steps: [step],
  });
  const phases = { New: '2m', InProgress: '15m', WaitingForPluginOperations: '15m', Finalizing: '5m' };
  const restore = { namespace: 'shop', phases };
  const ref = (name: string) => `\${${name}}`;

  test.each<[string, unknown, boolean]>([
    ['velero.restore', restore, true],
    ['velero.restore', { ...restore, 'allow-partially-failed': true }, true],
    ['velero.restore', { ...restore, 'allow-partially-failed': ref('partial') }, true],
    ['velero.restore', { ...restore, phases: { ...phases, New: ref('patience') } }, true],
    ['velero.restore', { ...restore, 'allow-partially-failed': 'yes' }, false],
    ['velero.restore', { ...restore, 'alow-partially-failed': true }, false],
    ['velero.restore', { ...restore, phases: { ...phases, New: 2 } }, false],
    ['velero.restore', { phases }, false],
    ['velero.restore', undefined, false],
    ['velero.restor', restore, false],
    ['k8s.wait-ready', { namespace: ref('namespace') }, true],
    ['k8s.wait-ready', { namespace: 3 }, false],
    ['k8s.wait-ready', restore, false],
  ])('%s with %j: %s', async (uses, taken, fits) => {
    const check = await checkerOf('runbook');
    expect(check(runbookOf(stepWith(uses, taken)))).toBe(fits);
  });

  test.each([...steps.keys()])('%s is completed: its parameters are named in the schema', async (name) => {
    const { properties } = JSON.parse(await readFile(fileOf('runbook'), 'utf8'));
    const branch = properties.steps.items.allOf.find(
      (each: { if: { properties: { uses: { const: string } } } }) => each.if.properties.uses.const === name,
    );
    expect(branch.then.properties.with.description).toBe(steps.get(name)?.summary);
    expect(Object.keys(branch.then.properties.with.properties)).toContain('namespace');
    expect(properties.steps.items.properties.uses.enum).toContain(name);
  });

  test('what the schema refuses of a broken runbook, the checker refuses too, and the sound one fits both', async () => {
    const check = await checkerOf('runbook');
    const folder = join(ROOT, 'test/fixtures/broken-runbooks');
    const refused = [
      'misspelt-key',
      'misspelt-step-key',
      'missing-uses',
      'unknown-step-type',
      'unknown-step-parameter',
      'missing-step-parameter',
      'unknown-parameter-type',
    ];
    for (const name of refused)
      expect([name, check(parse(await readFile(join(folder, `${name}.yaml`), 'utf8')))]).toEqual([name, false]);
  });
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

describe('the routing and the alerts in the guides', () => {
  test.each(['docs/route-alerts.md', 'deploy/overlays/example/routing.yaml'])(
    '%s can be loaded and fits the schema',
    async (file) => {
      const text = await readFile(join(ROOT, file), 'utf8');
      const [example = ''] = file.endsWith('.md') ? [/```yaml\n([\s\S]*?)```/.exec(text)?.[1]] : [text];
      expect(Routing.safeParse(parse(example)).error).toBeUndefined();
      const check = await checkerOf('routing');
      check(parse(example));
      expect(check.errors).toBeNull();
      expect(check({ routes: [{ name: 'a', mach: {} }] })).toBe(false);
      expect(check({ routes: [{ name: 'a', severity: 'sev0' }] })).toBe(false);
    },
  );

  test('docs/send-alerts.md: what the example sends is taken and fits the schema', async () => {
    const text = await readFile(join(ROOT, 'docs/send-alerts.md'), 'utf8');
    const body = JSON.parse(/-d '(\{[\s\S]*?\})'/.exec(text)?.[1] ?? '');
    expect(GenericAlerts.safeParse(body).error).toBeUndefined();
    const check = await checkerOf('generic-alerts');
    check(body);
    expect(check.errors).toBeNull();
    expect(check({ alerts: [] })).toBe(false);
    expect(check({ alerts: [{ ...body.alerts[0], startsAt: undefined }] })).toBe(false);
  });
});
