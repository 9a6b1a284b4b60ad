import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { IN_SLACK, openDoor } from './front-door.ts';

const WORK = [
  ...['declare x', 'ack', 'escalate', 'page dba', 'severity 1', 'role scribe me', 'note x', 'update x'],
  ...['update --post 1', 'mitigate', 'resolve'],
];

describe('without a policy', () => {
  test.each(WORK)('dr %s is refused, with the policy that it takes', async (line) => {
    const { type } = await openDoor();
    for (const actor of [undefined, IN_SLACK]) {
      const { ok, lines, data, modal } = await type(line, actor);
      expect([ok, modal]).toEqual([false, undefined]);
      expect(data).toMatchObject({ error: { code: 'ACCESS_DENIED' } });
      expect(lines.join('\n')).toContain('nobody may do anything else');
    }
  });
});

describe('with Redis gone', () => {
  test.each(['status', 'incidents', 'incidents --all', 'timeline', 'timeline 20261126-174158'])(
    'dr %s says so',
    async (line) => {
      const { ok, data } = await (await openDoor()).type(line);
      expect(ok).toBe(false);
      expect(data).toMatchObject({ error: { code: 'LEDGER_UNREACHABLE' } });
    },
  );
});

describe('with Redis gone, where the policy lets people work', () => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-door-'));
  const policy = join(folder, 'policy.yaml');
  writeFileSync(policy, 'groups: {leads: {slack: [U0ALICE01]}}\n');
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each([
    ['declare the shop is down', true],
    ['escalate 20261126-174158', true],
    ['ack 20261126-174158', false],
  ])('dr %s says whether somebody must be called, and where to look', async (line, isCall) => {
    const { ok, lines } = await (await openDoor({ POLICY_FILE: policy })).type(line, IN_SLACK);
    expect(ok).toBe(false);
    expect(lines.includes('NOBODY is known to have been paged by it: call them.')).toBe(isCall);
    expect(lines.at(-1)).toBe('Next: Check REDIS_URL and that Redis runs, then look at what is there: dr status');
  });
});

test('dr help lists them apart from what recovers', async () => {
  const { lines } = await (await openDoor()).type('help');
  const at = (line: string | RegExp) => lines.findIndex((it) => it === line || (line as RegExp).test?.(it) === true);
  const order = [
    at('Incidents'),
    at(/^ {2}declare /),
    at(/^ {2}update /),
    at('Recovery'),
    at(/^ {2}restore namespace /),
  ];
  expect(order).toEqual([...order].sort((a, b) => a - b));
  expect(order[0]).toBeGreaterThan(0);
  expect(at('Muster itself')).toBeGreaterThan(at(/^ {2}runs /));
});

test('dr help declare says who is paged', async () => {
  const { lines } = await (await openDoor()).type('help declare');
  expect(lines.join('\n')).toContain('sev1 and sev2 page with high urgency, sev3 and sev4 with low urgency');
});
