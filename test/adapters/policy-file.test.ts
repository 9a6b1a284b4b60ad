import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadPolicy } from '../../src/adapters/yaml-file.ts';
import { refusalOf, writeFolder } from './yaml-folder.ts';

const POLICY = `groups:
  engineers: { terminal: [alice], slack: [U0123ABCD], slackGroups: [S0123] }
  leads: { terminal: [bob] }
allow:
  - group: engineers
    may: [request, abort]
    clusters: ['*']
    namespaces: [data-processing]
breakGlass: [leads]
`;
const load = async (text: string) => loadPolicy(join(await writeFolder({ 'policy.yaml': text }), 'policy.yaml'));

test('none is named: there is none', async () => {
  expect(await loadPolicy(undefined)).toBeUndefined();
});

test('a good one', async () => {
  expect(await load(POLICY)).toMatchObject({ breakGlass: ['leads'], secondPerson: 'destructive' });
});

test('one that is named but missing is an error, never "no policy"', async () => {
  const file = join(await writeFolder({}), 'policy.yaml');
  expect(await refusalOf(loadPolicy(file))).toMatchObject({
    code: 'CONFIG_INVALID',
    message: `${file}:1:1 the file cannot be read (ENOENT); check its path and permissions`,
  });
});

test.each<[string, string, string, string]>([
  ['an unknown group', 'p: engineers', 'p: enginers', '5:12 there is no group "enginers"; did you mean "engineers"?'],
  ['an unknown break-glass group', '[leads]', '[leeds]', '9:14 there is no group "leeds"; did you mean "leads"?'],
  ['an unknown right', 'abort]', 'abrot]', '6:20 "may[1]" cannot be "abrot"; did you mean "abort"?'],
  ['a glob', '[data-processing]', "['data-*']", '8:18 "namespaces[0]" must be one exact name, or "*" for all'],
  ['a cluster glob', "['*']", "['prod-*']", '7:16 "clusters[0]" must be one exact name, or "*" for all'],
  ['a Slack name', 'U0123ABCD', '"@alice"', '2:43 "slack[0]" must be a Slack member id such as U0123ABCD'],
  ['an unknown key', 'breakGlass', 'breakGlas', '9:1 unknown key "breakGlas"; did you mean "breakGlass"?'],
  [
    'a bad choice',
    'breakG',
    'secondPerson: no\nbreakG',
    '9:15 "secondPerson" cannot be "no"; there is: destructive, never',
  ],
  [
    'an account of two people',
    'breakG',
    'people: { a: { terminal: al, slack: U01 }, b: { terminal: al, slack: U02 } }\nbreakG',
    '9:59 terminal al is a already',
  ],
  [
    'half a person',
    'breakG',
    'people: { a: { slack: U01 } }\nbreakG',
    '9:14 "terminal" is missing; add "terminal:" with text',
  ],
  [
    'a person with more',
    'breakG',
    'people: { a: { terminal: al, slack: U01, phone: x } }\nbreakG',
    '9:42 unknown key "phone"; there is: terminal, slack',
  ],
  ['a number', '[alice]', '[1000]', '2:27 "terminal[0]" must be text, not the number 1000; quote it: "1000"'],
])('%s', async (_, from, to, line) => {
  const { message } = await refusalOf(load(POLICY.replace(from, to)));
  expect(message.split('\n').map((shown) => shown.replace(/^.*policy\.yaml:/, ''))).toEqual([line]);
});

test('a wrong shape and an unknown group show at once', async () => {
  const text = POLICY.replace('[alice]', 'alice').replace('group: engineers', 'group: enginers');
  expect((await refusalOf(load(text))).message.split('\n')).toHaveLength(2);
});
