import { expect, test } from 'vitest';
import { BUTTON_LINES, isButtonLine, isOurButton } from '../../src/domain/button-line.ts';

const OURS: Record<string, string[]> = {
  approve: ['approve r1 0123456789abcdef', 'approve r1'],
  reject: ['reject r1 0123456789abcdef'],
  abort: ['abort r1'],
  retry: ['retry r1'],
  status: ['status r1', 'status', 'status 20261126-174158'],
  timeline: ['timeline', 'timeline 20261126-174158-2'],
  ack: ['ack', 'ack 20261126-174158', 'ack --page 2', 'ack --incident 20261126-174158-2'],
  escalate: ['escalate', 'escalate 20261126-174158 --page 1'],
  role: ['role commander', 'role comms me', 'role scribe me --incident 20261126-174158'],
  severity: ['severity sev1', 'severity sev4 --incident 20261126-174158'],
  update: ['update --post 3', 'update --edit 12 --incident 20261126-174158'],
  restore: [
    'restore namespace shop',
    'restore namespace shop --from daily-20250107030000 --into shop-copy --cluster arn:aws:eks:eu:1:cluster/prod',
    'restore namespace shop --incident 20261126-174158',
  ],
  run: ['run restore-namespace namespace=shop', 'run check a=b c=03:04 --cluster prod --incident 20261126-174158'],
};

test.each(Object.keys(BUTTON_LINES))('%s: what our buttons say is taken', (verb) => {
  expect(OURS[verb]?.filter((line) => !isButtonLine(line))).toEqual([]);
  expect(OURS[verb]?.length).toBeGreaterThan(0);
});

test.each([
  ...['', 'help', 'declare x', 'export r1', 'note x', 'resolve', 'page U1', 'constructor', '__proto__', 'toString'],
  ...['approve r1 --why x', 'approve r1; abort r2', 'approve R1', 'approve r1\n', ' approve r1', 'retry r1 --force'],
  ...['ack everything', 'ack --page all', 'escalate now', 'role king', 'role commander U0LEAD', 'role commander <@U1>'],
  ...['severity sev0', 'severity sev1 sev2', 'update hello', 'update --post 1 --edit 2', 'update --post -1'],
  ...['update --post 3 text', 'severity sev1 --incident x', 'ack --incident 20261126-174158 --page 1 x'],
  ...['restore namespace', 'restore cluster prod', 'restore namespace shop --allow-partially-failed'],
  ...['restore namespace "a b"', 'restore namespace shop --from "x"', 'restore namespace ../x', 'run', 'run x y'],
  ...['run x a="b c"', 'run x a=b --dry-run', 'run x a=$(id)', 'run x a=b&c=d', 'run x a=<@U1>'],
])('anything else is not: %s', (line) => {
  expect(isButtonLine(line)).toBe(false);
});

test.each([
  ['dr-approve', 'approve r1', true],
  ['dr-details', 'status r1', true],
  ['dr-plan', 'restore namespace shop', true],
  ['dr-plan', 'run check namespace=shop', true],
  ['dr-role-commander', 'role commander me --incident 20261126-174158', true],
  ['dr-severity-sev1', 'severity sev1', true],
  ['dr-update-edit', 'update --edit 3', true],
  ['dr-ack', 'ack 20261126-174158', true],
  ['dr-approve', 'restore namespace shop', false],
  ['dr-details', 'approve r1', false],
  ['dr-plan', 'approve r1', false],
  ['dr-approve-all', 'approve r1', false],
  ['poll-vote', 'approve r1', false],
  ['', 'approve r1', false],
  [undefined, 'status r1', false],
  ['dr-plan', 'run x a=$(id)', false],
])('a button says only what it is for: %s, %s: %s', (actionId, text, taken) => {
  expect(isOurButton(actionId, text)).toBe(taken);
});

test('a value of any length is judged at once', () => {
  const began = performance.now();
  for (const start of ['run x a=', 'restore namespace ', 'ack ', 'run ']) isButtonLine(start + 'a-'.repeat(50_000));
  expect(performance.now() - began).toBeLessThan(5_000);
});
