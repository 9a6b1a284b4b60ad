import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, loseNamespace, planOf } from './story.ts';
import { type Answer, canTravel, NAMESPACE, openWorld, REASON, type World } from './world.ts';

const ME = userInfo().username;

describe.skipIf(!canTravel)('who may do what', () => {
  let world: World;
  let run: string;
  let digest: string;
  const folder = mkdtempSync(join(tmpdir(), 'muster-policy-'));
  beforeAll(async () => {
    world = await openWorld();
    world.startBot();
    await loseNamespace(world);
    run = await ask(world);
    digest = await planOf(world, run);
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await world.close();
  });

  /** Runs `dr` under another policy; undefined: under none. */
  function drUnder(policy: string | undefined, words: readonly string[]): Promise<Answer> {
    const file = join(folder, `${Math.abs(hashOf(policy ?? ''))}.yaml`);
    if (policy !== undefined) writeFileSync(file, policy);
    return world.dr(words, { env: { POLICY_FILE: policy === undefined ? '' : file } });
  }

  const restore = ['restore', 'namespace', NAMESPACE];
  const approval = () => ['approve', run, digest, '--reason', REASON];
  const group = (account: string, rest: string) =>
    `groups:\n  engineers:\n    terminal: [${account}]\nallow:\n  - {group: engineers, may: [request, abort], clusters: ["*"], namespaces: [${NAMESPACE}]}\n${rest}`;

  test('with no policy file everybody may read, and nobody may do anything else', async () => {
    const [status, dryRun, asked, approved, aborted] = await Promise.all([
      drUnder(undefined, ['status', run]),
      drUnder(undefined, [...restore, '--dry-run']),
      drUnder(undefined, restore),
      drUnder(undefined, approval()),
      drUnder(undefined, ['abort', run]),
    ]);
    expect([status.code, dryRun.code]).toEqual([0, 0]);
    for (const answer of [asked, approved, aborted]) {
      expect(answer).toMatchObject({ code: 3 });
      expect(answer.text).toContain('Without a policy file everybody may read and nobody may do anything else.');
      expect(answer.text).toContain('Write a policy file and name it in POLICY_FILE');
    }
  });

  test('an account the policy does not know is refused, and told what to ask for', async () => {
    const others = group('somebody-else', '');
    for (const words of [restore, ['status', run], ['runs'], ['status', 'nosuch'], [...restore, '--dry-run']]) {
      const { code, text } = await drUnder(others, words);
      expect(code).toBe(3);
      expect(text).toContain('No group of the policy knows this actor.');
      expect(text).toContain(`to add ${ME} under "terminal"`);
    }
    for (const word of ['help', 'runbooks']) expect((await drUnder(others, [word])).code).toBe(0);
  });

  test('an account that may not break the glass cannot approve', async () => {
    const { code, text } = await drUnder(group(ME, 'breakGlass: []'), approval());
    expect(code).toBe(3);
    expect(text).toContain('None of your groups may break the glass.');
  });

  test('a namespace that the policy does not name is refused', async () => {
    const { code, text } = await world.dr(['restore', 'namespace', 'default']);
    expect(code).toBe(3);
    expect(text).toContain('The policy does not let engineers request on sandbox/default.');
  });

  test.each([
    ['no reason', [], 'it needs a written reason'],
    ['a short reason', ['--reason', 'because'], 'it needs a written reason'],
    ['a reason of blanks', ['--reason', '            '], 'it needs a written reason'],
  ])('an approval with %s is refused', async (_what, options, sentence) => {
    const { code, text } = await world.dr(['approve', run, digest, ...options]);
    expect(code).toBe(3);
    expect(text).toContain(sentence);
  });

  test.each([
    ['another', 'ffffffff'],
    ['a shortened', 'SHORT'],
  ])('an approval of %s digest is refused', async (_what, given) => {
    const wrong = given === 'SHORT' ? digest.slice(0, 7) : given;
    const { code, text } = await world.dr(['approve', run, wrong, '--reason', REASON]);
    expect(code).toBe(3);
    expect(text).toContain(`The plan of run ${run} is ${digest} now, not ${wrong}.`);
  });

  test('a policy file that is not there or not valid stops everything, with a sentence', async () => {
    const [missing, broken] = await Promise.all([
      world.dr(['runs'], { env: { POLICY_FILE: join(folder, 'missing.yaml') } }),
      drUnder('groups: [', ['runs']),
    ]);
    for (const { code, text } of [missing, broken]) {
      expect(code).toBe(2);
      expect(text).toContain('.yaml');
      expect(text).not.toMatch(/^\s+at /m);
    }
  });

  test('after all this the plan still waits, and the cluster was not touched', async () => {
    expect(await world.events(run)).toEqual(['run.requested', 'run.planned']);
    expect(await world.ledger.recent(10)).toEqual([`run-${run}`]);
    expect(world.writes()).toEqual([]);
  });
});

function hashOf(text: string): number {
  return [...text].reduce((hash, letter) => (hash * 31 + letter.charCodeAt(0)) | 0, 7);
}
