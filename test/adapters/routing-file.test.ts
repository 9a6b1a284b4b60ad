import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadRouting } from '../../src/adapters/yaml-file.ts';
import { refusalOf, writeFolder } from './yaml-folder.ts';

const ROOT = join(import.meta.dirname, '../..');
const ROUTING = `routes:
  - name: shop
    match: { namespace: "shop-*" }
    severity: sev1
    runbook: restore-namespace
    page: PABC123
    invite: [U0123ABCD]
  - name: rest
    declare: false
`;
const RUNBOOKS = ['backup-namespace', 'restore-namespace'];
const load = async (text: string) =>
  loadRouting(join(await writeFolder({ 'routing.yaml': text }), 'routing.yaml'), RUNBOOKS);

test('none is named: there is none; one that is missing is an error', async () => {
  expect(await loadRouting(undefined, [])).toBeUndefined();
  const file = join(await writeFolder({}), 'routing.yaml');
  expect(await refusalOf(loadRouting(file, []))).toMatchObject({ code: 'CONFIG_INVALID' });
});

test('a good one, and the one that is shipped as an example', async () => {
  expect(await load(ROUTING)).toMatchObject({
    routes: [{ name: 'shop', domain: ['cluster', 'namespace'] }, { name: 'rest' }],
  });
  expect((await loadRouting(join(ROOT, 'deploy/overlays/example/routing.yaml'), RUNBOOKS))?.routes).toHaveLength(3);
});

test.each<[string, string, string, string]>([
  ['an unknown key', 'declare', 'declar', '9:5 unknown key "declar"; did you mean "declare"?'],
  ['an unknown severity', 'sev1', 'sev0', '4:15 "severity" cannot be "sev0"; did you mean "sev1"?'],
  [
    'an unknown runbook',
    'restore-n',
    'restor-n',
    '5:14 there is no runbook "restor-namespace"; did you mean "restore-namespace"?',
  ],
  [
    'a bad page',
    'PABC123',
    'maybe',
    '6:11 "page" must be true, false, or the id of a PagerDuty escalation policy such as PABC123',
  ],
  [
    'a Slack name',
    'U0123ABCD',
    '"@alice"',
    '7:14 "invite[0]" must be the Slack id of a member (U...) or a user group (S...)',
  ],
  ['a name twice', 'name: rest', 'name: shop', '8:11 there is a route "shop" already; choose another'],
  [
    'the name of the default',
    'name: rest',
    'name: default',
    '8:11 "default" is what is done without a route; choose another',
  ],
  ['a name with capitals', 'name: rest', 'name: Rest', '8:11 "name" must be lower-case words joined by "-"'],
  [
    'both severities',
    '    runbook',
    '    severityFrom: { label: x, map: {} }\n    runbook',
    '5:5 "severity" says it already; take one of them out',
  ],
  [
    'one that takes all, before others',
    '    match: { namespace: "shop-*" }\n',
    '',
    '7:5 no alert comes here: the route above matches every alert; move that one to the end',
  ],
  ['a number to match', '"shop-*"', '7', '3:25 "namespace" must be text, not the number 7; quote it: "7"'],
])('%s', async (_what, from, to, expected) => {
  const { message } = await refusalOf(load(ROUTING.replace(from, to)));
  expect(message.split('\n').map((line) => line.replace(/^.*?\.yaml:/, ''))).toEqual([expected]);
});
