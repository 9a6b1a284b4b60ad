import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Diagnosis } from '../../src/domain/diagnosis.ts';
import { canTravel, openWorld, type World } from './world.ts';

const SHIPPED = join(import.meta.dirname, '../../runbooks/restore-namespace.yaml');

describe.skipIf(!canTravel)('dr doctor, where the policy or a runbook does not load', () => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-broken-'));
  const policy = join(folder, 'policy.yaml');
  const runbook = join(folder, 'restore-namespace.yaml');
  const gone = join(folder, 'gone');
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
    writeFileSync(policy, 'groups:\n  leads: { slack: [U0LEAD00001] }\nalow: []\n');
    writeFileSync(runbook, readFileSync(SHIPPED, 'utf8').replace('steps:', 'stepz:'));
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await world.close();
  });

  async function explain(env: Record<string, string>, ...words: string[]) {
    const { code, text } = await world.dr(['doctor', ...words, '--json'], { env });
    const lines = (JSON.parse(text) as { data: { lines: Diagnosis[] } }).data.lines;
    const of = (verdict: string) => lines.filter((it) => it.verdict === verdict).map(({ line }) => line);
    return { code, text, of, red: lines.filter(({ verdict }) => verdict === 'red') };
  }

  test('a policy with a mistake: one red line says file, line and column, the rest is told', async () => {
    const { code, red, of } = await explain({ POLICY_FILE: policy });
    expect(code).toBe(1);
    expect(red).toEqual([
      {
        line: 'policy',
        verdict: 'red',
        detail: expect.stringMatching(/policy\.yaml:3:1 unknown key "alow"; did you mean "allow"\?/),
        remedy: expect.stringContaining('Correct the policy file; until then Muster does not start'),
      },
    ]);
    expect(of('ok')).toEqual(
      expect.arrayContaining(['redis', 'runbooks', 'sandbox: velero', 'sandbox: storage default']),
    );
  });

  test('a policy that is not there', async () => {
    const { code, red, of } = await explain({ POLICY_FILE: `${gone}.yaml` });
    expect(code).toBe(1);
    expect(red.map(({ line, detail }) => `${line}: ${detail}`)).toEqual([
      expect.stringMatching(
        /^policy: .*gone\.yaml:1:1 the file cannot be read \(ENOENT\); check its path and permissions$/,
      ),
    ]);
    expect(of('ok')).toContain('sandbox: velero');
  });

  test('a runbook with a mistake', async () => {
    const { code, red, of, text } = await explain({ RUNBOOKS_DIR: folder });
    expect(code).toBe(1);
    expect(red.map(({ line }) => line)).toEqual(['runbooks']);
    expect(red[0]?.detail).toMatch(/restore-namespace\.yaml:\d+:1 unknown key "stepz"; did you mean "steps"\?/);
    expect(red[0]?.remedy).toContain('dr runbooks check');
    expect(of('ok')).toEqual(expect.arrayContaining(['policy', 'redis', 'sandbox: velero']));
    expect(text).not.toContain('see: dr runbooks check\n');
  });

  test('a folder of runbooks that is not there', async () => {
    const { code, red, of } = await explain({ RUNBOOKS_DIR: gone });
    expect(code).toBe(1);
    expect(red.map(({ line, detail }) => `${line}: ${detail}`)).toEqual([
      expect.stringMatching(/^runbooks: .*gone:1:1 the folder cannot be read \(ENOENT\)/),
    ]);
    expect(of('ok')).toContain('policy');
  });

  test('both, and Redis is away: three red lines', async () => {
    await world.redis.kill();
    const { code, red } = await explain({ POLICY_FILE: policy, RUNBOOKS_DIR: folder });
    await world.redis.restart();
    expect(code).toBe(1);
    expect(red.map(({ line }) => line).sort()).toEqual(['policy', 'redis', 'runbooks']);
  });

  test('everybody else is refused, with what to do; there is no line to correct in a file that is not there', async () => {
    const wrong = await world.dr(['runs'], { env: { POLICY_FILE: policy } });
    expect(wrong).toMatchObject({ code: 2, text: expect.stringContaining('Next: Correct this line and try again') });
    const missing = await world.dr(['runs'], { env: { POLICY_FILE: `${gone}.yaml` } });
    expect(missing.code).toBe(2);
    expect(missing.text).toContain('Next: Put it there or correct the variable that names it, and try again');
    const bot = world.startBot({ POLICY_FILE: policy });
    const ended = await new Promise((resolve) => bot.process.once('close', resolve));
    expect([ended, bot.log()]).toEqual([2, expect.stringContaining('policy.yaml:3:1 unknown key "alow"')]);
  });
});
