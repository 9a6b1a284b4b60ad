// biome-ignore-all lint/suspicious/noTemplateCurlyInString: runbooks are written so
import { expect, test } from 'vitest';
import { GOOD_RUNBOOK, problemsAfter } from './yaml-folder.ts';

const STEPS = GOOD_RUNBOOK.slice(GOOD_RUNBOOK.indexOf('steps:'));
const DURATION = 'must be a duration of at most 7d, such as 90s, 15m or 1h30m';

/** The change, and every line that it leads to. */
// biome-ignore format: one broken runbook a line
const BROKEN: [string, string, string, string, ...string[]][] = [
  ['a misspelt key', 'summary:', 'sumary:', '1:1 "summary" is missing; add "summary:" with text', '2:1 unknown key "sumary"; did you mean "summary"?'],
  ['a misspelt key of a step', 'uses: http.check', 'use: http.check', '18:5 "uses" is missing; add "uses:" with text', '19:5 unknown key "use"; did you mean "uses"?'],
  ['a misspelt key of a parameter', 'required:', 'requried:', '5:33 unknown key "requried"; did you mean "required"?', '9:14 the target must be one parameter of type namespace that always has a value; make "namespace" a required namespace'],
  ['a key from elsewhere', '    timeout: 3m', '    retries: 3', '24:5 unknown key "retries"; there is: id, uses, with, when, timeout'],
  ['an unknown parameter type', 'type: name }', 'type: nmae }', '6:19 "type" cannot be "nmae"; did you mean "name"?'],
  ['an unknown "is"', 'is: set', 'is: sett', '20:32 "is" cannot be "sett"; did you mean "set"?'],
  ['a missing key', 'deadline: 30m\n', '', '1:1 "deadline" is missing; add "deadline:" with text'],
  ['a missing key of a step', '    uses: http.check\n', '', '18:5 "uses" is missing; add "uses:" with text'],
  ['a duration without a unit', 'deadline: 30m', 'deadline: 30', `10:11 "deadline" ${DURATION}, not the number 30`],
  ['a duration that is none', 'deadline: 30m', 'deadline: half an hour', `10:11 "deadline" ${DURATION}`],
  ['a number where text goes', 'title: Restore a namespace', 'title: 2026', '1:8 "title" must be text, not the number 2026; quote it: "2026"'],
  ['an empty value', 'title: Restore a namespace', 'title:', '1:7 "title" must be text, not empty'],
  ['a list where a mapping goes', 'target:\n  namespace: ${namespace}', 'target: [shop]', '8:9 "target" must be a mapping, not a list'],
  ['an id that is no DNS label', 'id: check', 'id: Check it', '18:9 "id" must be lower-case letters, digits and "-", and begin and end with a letter or digit'],
  ['an id that is too long', 'id: check', 'id: check-the-health-of-all', '18:9 "id" must have at most 20 characters'],
  ['a badly named parameter', '  wait:', '  Big_One: { type: text }\n  wait:', '7:3 the key "Big_One" must be lower-case words joined by "-"'],
  ['a badly written command', 'command: restore namespace', 'command: /dr restore namespace', '3:10 "command" must be one or two words in lower case'],
  ['a target with a wildcard', 'namespace: ${namespace}\ndeadline', 'namespace: data-*\ndeadline', '9:14 "namespace" must be one exact name; wildcards are not accepted'],
  ['no steps', STEPS, 'steps: []\n', '6:3 nothing uses the parameter "backup"; write ${backup} in a step or remove it', '7:3 nothing uses the parameter "wait"; write ${wait} in a step or remove it', '11:8 "steps" must not be empty'],
  ['a merge key', 'deadline: 30m', 'deadline: 30m\n<<: { a: 1 }', '11:1 unknown key "<<"; there is: title, summary, command, params, target, deadline, steps, health, data'],
  ['an unknown step type', 'velero.restore', 'velero.restor', '13:11 no step type "velero.restor"; did you mean "velero.restore"?'],
  ['a missing parameter of a step', ', path: /health', '', '23:11 "path" is missing; add "path:" with text'],
  ['a misspelt parameter of a step', 'path: /health', 'pth: /health', '23:11 "path" is missing; add "path:" with text', '23:39 unknown key "pth"; did you mean "path"?'],
  ['text where a step wants a number', 'port: 8080', 'port: "8080"', '23:33 "port" must be a number, not "8080"; http.check asks for it'],
  ['a parameter of a type that the step refuses', 'port: 8080', 'port: "${wait}"', '23:33 "port" must be a number, not "10m"; http.check asks for it'],
  ['an optional parameter that the step needs', 'namespace: ${namespace}\n      backup', 'namespace: ${backup}\n      backup', '15:18 velero.restore needs this, but "backup" may have no value; make it required, or add "when: { param: backup, is: set }"'],
];

test.each(BROKEN)('%s', async (_, from, to, ...lines) => {
  expect(await problemsAfter(from, to)).toEqual(lines.map((line) => `r.yaml:${line}`));
});
