// biome-ignore-all lint/suspicious/noTemplateCurlyInString: runbooks are written so
import { expect, test } from 'vitest';
import { GOOD_RUNBOOK, problemsAfter, problemsOf } from './yaml-folder.ts';

const DURATION = 'must be a duration of at most 7d, such as 90s, 15m or 1h30m';

/** The change, and the one line that it leads to. */
// biome-ignore format: one broken runbook a line
const BROKEN: [string, string, string, string][] = [
  ['an unknown reference', 'backup: ${backup}', 'backup: ${bakcup}', '16:15 there is no parameter "bakcup"; did you mean "backup"?'],
  ['an unknown reference deep inside', 'service: web', 'service: "${namespce}"', '23:22 there is no parameter "namespce"; did you mean "namespace"?'],
  ['a reference with spaces', 'backup: ${backup}', 'backup: ${ backup }', '16:15 there is no parameter " backup "; did you mean "backup"?'],
  ['an unclosed reference', 'backup: ${backup}', 'backup: ${backup', '16:15 "${" is never closed; write ${name}'],
  ['an unknown "when" parameter', 'param: backup', 'param: backups', '20:20 there is no parameter "backups"; did you mean "backup"?'],
  ['"when" without a condition', ', is: set', '', '20:5 "when" takes either "is" or "equals"; write "is: set", "is: unset" or "equals: <value>"'],
  ['"when" with two conditions', 'is: set', 'is: set, equals: b', '20:5 "when" takes either "is" or "equals"; write "is: set", "is: unset" or "equals: <value>"'],
  ['"equals" that can never hold', 'is: set', 'equals: Daily', '20:36 "backup" can never equal "Daily": it must be lower-case letters, digits and "-", and begin and end with a letter or digit (dots may join such parts); did you mean "daily"?'],
  ['a time-out beyond the deadline', 'timeout: 3m', 'timeout: 31m', '24:14 the time-out 31m is longer than the whole run may take; write at most 30m'],
  ['a time-out that is no duration', 'timeout: 3m', 'timeout: ${namespace}', '24:14 "namespace" may be no duration; write a duration such as 10m, or one parameter of type duration'],
  ['an id that is there twice', 'id: check', 'id: restore', '18:9 the id "restore" belongs to step 1 already; give every step its own id'],
  ['a default that does not fit', 'default: 10m', 'default: soon', `7:36 the default of "wait" ${DURATION}; write a duration or leave it out`],
  ['a default that is never used', 'required: true', 'required: true, default: shop', '5:49 "namespace" is required, so its default is never used; remove one of the two'],
  ['a choice without choices', 'type: name }', 'type: choice }', '6:13 the choice "backup" has no choices; add "choices: [...]"'],
  ['choices without a choice', 'type: name }', 'type: name, choices: [a] }', '6:25 "choices" goes with type choice, not name; write "type: choice"'],
  ['a parameter that nothing uses', '  wait:', '  unused: { type: text }\n  wait:', '7:3 nothing uses the parameter "unused"; write ${unused} in a step or remove it'],
  ['an optional parameter inside a text', 'backup: ${backup}', 'backup: daily-${backup}', '16:15 "backup" may have no value, so it cannot be part of a text; make it required, or add "when: { param: backup, is: set }"'],
  ['a target that may be missing', 'namespace: ${namespace}\ndeadline', 'namespace: ${backup}\ndeadline', '9:14 the target must be one parameter of type namespace that always has a value; make "backup" a required namespace'],
  ['a target that is part of a text', 'namespace: ${namespace}\ndeadline', 'namespace: x-${namespace}\ndeadline', '9:14 the target must be one parameter of type namespace that always has a value; make "namespace" a required namespace'],
];

test.each(BROKEN)('%s', async (_, from, to, line) => {
  expect(await problemsAfter(from, to)).toEqual([`r.yaml:${line}`]);
});

test('a parameter that is named like an option of every command', async () => {
  const lines = await problemsAfter('  wait:', '  dry-run: { type: boolean }\n  wait:');
  expect(lines).toContain('r.yaml:7:3 "dry-run" is an option of every command; choose another name');
});

const TICKS = '{ name: ticks, service: clickhouse, port: 8123, path: /?query=SELECT%201';

/** An assertion about the data, and the one line that it leads to. */
// biome-ignore format: one assertion a line
const BROKEN_DATA: [string, string, string][] = [
  ['none expected', `${TICKS} }`, '26:5 this assertion expects nothing, so it would prove nothing; add "atLeast: <number>", "newerThan: <duration>" or "equals: <text>"'],
  ['two expected', `${TICKS}, atLeast: 1, equals: "1" }`, '26:5 an assertion expects one thing, not "atLeast" and "equals"; make one assertion of each'],
  ['a misspelt expectation beside a good one', `${TICKS}, atLeast: 1, atleast: 2 }`, '26:91 unknown key "atleast"; did you mean "atLeast"?'],
  ['a number as text', `${TICKS}, atLeast: "1" }`, '26:88 "atLeast" must be a number, not "1"'],
  ['a text as number', `${TICKS}, equals: 1 }`, '26:87 "equals" must be text, not the number 1; quote it: "1"'],
  ['no duration', `${TICKS}, newerThan: yesterday }`, `26:90 "newerThan" ${DURATION}`],
  ['a path with spaces', '{ name: ticks, service: clickhouse, port: 8123, path: "/?query=SELECT 1", atLeast: 1 }', '26:59 "path" must begin with "/" and hold no spaces and no "#" (write %20 and %23)'],
  ['no name', '{ service: clickhouse, port: 8123, path: /, atLeast: 1 }', '26:5 "name" is missing; add "name:" with text'],
  ['a wildcard', `${TICKS}, atLeast: 1, namespace: data-* }`, '26:102 "namespace" must be one exact name; wildcards are not accepted'],
  ['a name twice', `${TICKS}, atLeast: 1 }\n  - ${TICKS}, equals: "1" }`, '27:13 the name "ticks" belongs to assertion 1 already; give every assertion its own name'],
];

test.each(BROKEN_DATA)('data with %s', async (_, entry, line) => {
  expect(await problemsOf({ 'r.yaml': `${GOOD_RUNBOOK}data:\n  - ${entry}\n` })).toEqual([`r.yaml:${line}`]);
});
