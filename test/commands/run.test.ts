import { expect, test } from 'vitest';
import { openDoor } from './front-door.ts';

/** What is not understood never gets as far as a cluster or a Redis. */
test.each([
  ['run', '"run" needs <runbook>.'],
  ['run restore-namespac', 'There is no runbook "restore-namespac". Did you mean "restore-namespace"?'],
  ['run nosuch shop', 'There is no runbook "nosuch".'],
  ['run restore-namespace', 'namespace is missing; the namespace to restore, such as data-processing'],
  ['run restore-namespace shop', '"shop" is no param=value; did you mean "namespace=shop"?'],
  ['run restore-namespace namespace', '"namespace" is no param=value; did you mean "namespace=<namespace>"?'],
  ['run restore-namespace =shop', '"=shop" is no param=value; did you mean "namespace=shop"?'],
  ['run restore-namespace namespac=shop', 'there is no parameter "namespac"; did you mean "namespace"?'],
  ['run restore-namespace namespace=a namespace=b', '"namespace" is given twice.'],
  ['run restore-namespace namespace=Shop', 'namespace "Shop" must be lower-case'],
  ['run restore-namespace namespace=a since=25:00', 'since "25:00" must have an hour from 00 to 23'],
  ['run restore-namespace namespace=a since=2999-01-01T00:00:00Z', 'must have passed: it is '],
  ['run restore-namespace namespace=a ready-timeout=soon', 'ready-timeout "soon" must be a duration'],
  ['run restore-namespace namespace=a __proto__=b', 'there is no parameter "__proto__"'],
  ['run restore-namespace namespace=kube-system', 'Muster never acts on it.'],
  ['run restore-namespace --namespace a', '"run" has no option --namespace.'],
])('dr %s', async (line, message) => {
  const { ok, lines } = await (await openDoor()).type(line);
  expect(ok).toBe(false);
  expect(lines[0]).toContain(message);
  expect(lines.at(-1)).toMatch(/^Next: .+/);
});

test('dr help run tells the parameters of every runbook, or of the one that is named', async () => {
  const door = await openDoor();
  const all = (await door.type('help run')).lines;
  expect(all).toContain(
    'Usage: dr run <runbook> [param=value ...] [--cluster <cluster>] [--dry-run] [--incident <incident>]',
  );
  expect(all).toContain('  dr run restore-namespace namespace=<namespace> [param=value ...]');
  const one = (await door.type('help run restore-namespace')).lines;
  expect(one[0]).toMatch(/^restore-namespace: Restores a namespace /);
  expect(one.join('\n')).toMatch(/\[ready-timeout=<duration>\] +how long .*; default: 10m/);
  expect((await door.type('run restore-namespace --help')).lines).toEqual(one);
  expect((await door.type('help run restore')).lines[0]).toContain('did you mean "restore-namespace"?');
});
