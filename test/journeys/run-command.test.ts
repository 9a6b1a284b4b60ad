import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { approve, ask, loseNamespace, planOf, until } from './story.ts';
import { canTravel, NAMESPACE, openWorld, type World } from './world.ts';

const SHIPPED = join(import.meta.dirname, '../../runbooks/restore-namespace.yaml');

/** A runbook whose step looks at another namespace than its target: one that is typed as a mere name, or one that is written out. */
const looksAt = (where: string, params = '') => `title: Look elsewhere
summary: Looks at a namespace that is not its target.
params:
  namespace: { type: namespace, required: true }
${params}target: { namespace: "\${namespace}" }
deadline: 5m
steps:
  - id: ready
    uses: k8s.wait-ready
    with: { namespace: "${where}" }
`;

describe.skipIf(!canTravel)('dr run', () => {
  let world: World;
  const folder = mkdtempSync(join(tmpdir(), 'muster-run-'));
  beforeAll(async () => {
    writeFileSync(join(folder, 'restore-namespace.yaml'), readFileSync(SHIPPED));
    writeFileSync(join(folder, 'typed.yaml'), looksAt('${where}', '  where: { type: name, required: true }\n'));
    writeFileSync(join(folder, 'written.yaml'), looksAt('default'));
    writeFileSync(join(folder, 'protected.yaml'), looksAt('kube-system'));
    world = await openWorld({ env: { RUNBOOKS_DIR: folder } });
    await world.inside.startBot();
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await world.close();
  });

  test('starts a runbook by its name on the same way as its own command: plan, approval, restore, verification', async () => {
    await loseNamespace(world);
    const words = ['run', 'restore-namespace', `namespace=${NAMESPACE}`, '--cluster', 'sandbox'];
    const dry = await world.inside.type([...words, '--dry-run']);
    const own = await world.inside.type(['restore', 'namespace', NAMESPACE, '--dry-run']);
    expect(dry.text.split('\n')[0]).toBe(own.text.split('\n')[0]);
    expect(await world.ledger.recent(10)).toEqual([]);

    const run = await ask(world, words);
    expect((await approve(world, run, await planOf(world, run))).code).toBe(0);
    const { request } = await until(world, run, 'succeeded');
    expect(request).toMatchObject({ command: words.join(' '), params: { namespace: NAMESPACE, into: NAMESPACE } });
    expect(world.restores()).toHaveLength(1);
  });

  test('a time of day is recorded as the full time', async () => {
    const run = await ask(world, ['run', 'restore-namespace', `namespace=${NAMESPACE}`, 'since=00:00']);
    expect((await world.state(run))?.request.params['since']).toMatch(/^\d{4}-\d\d-\d\dT00:00:00\.000Z$/);
  });

  test.each([
    ['the target', ['restore-namespace', 'namespace=default']],
    ['another parameter', ['restore-namespace', `namespace=${NAMESPACE}`, 'into=default']],
    ['a step, typed as a mere name', ['typed', `namespace=${NAMESPACE}`, 'where=default']],
    ['a step, written out in the runbook', ['written', `namespace=${NAMESPACE}`]],
  ])('the policy must allow %s', async (_, words) => {
    const before = await world.ledger.recent(50);
    const { code, text } = await world.dr(['run', ...words]);
    expect(text).toContain('The policy does not let engineers request on sandbox/default.');
    expect(code).toBe(3);
    expect(await world.ledger.recent(50)).toEqual(before);
  });

  test.each([
    ['protected', []],
    ['typed', ['where=velero']],
  ])('%s: no step acts on what Muster never acts on', async (runbook, words) => {
    const { code, text } = await world.dr(['run', runbook, `namespace=${NAMESPACE}`, ...words]);
    expect(text).toContain('Muster never acts on it.');
    expect(code).toBe(3);
  });

  test('what only reads needs no approval, and says what it was', async () => {
    const { code, text } = await world.dr(['run', 'typed', `namespace=${NAMESPACE}`, `where=${NAMESPACE}`, '--wait']);
    expect(text).toMatch(/^CHECKED: data-processing, \d+ checks passed\./m);
    expect(text).not.toContain('RECOVERED');
    expect(code).toBe(0);
  });

  test('what it looks for is not there: the check failed, nothing is said to be lost or recovered', async () => {
    await loseNamespace(world);
    const { code, text } = await world.dr(['run', 'typed', `namespace=${NAMESPACE}`, `where=${NAMESPACE}`, '--wait']);
    expect(text).toMatch(/^CHECK FAILED: There is no workload in data-processing\./m);
    expect(code).toBe(1);
  });
});
