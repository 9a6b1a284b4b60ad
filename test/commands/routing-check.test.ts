import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeFolder } from '../adapters/yaml-folder.ts';
import { IN_SLACK, openDoor, ROOT } from './front-door.ts';

const EXAMPLE = join(ROOT, 'deploy/overlays/example/routing.yaml');

test('says where an alert goes, and what its incident would begin with', async () => {
  const door = await openDoor({ ROUTING_FILE: EXAMPLE });
  const { ok, lines, data } = await door.type('routing check namespace=data-processing severity=critical cluster=prod');
  expect(ok).toBe(true);
  expect(lines).toEqual([
    'deploy/overlays/example/routing.yaml ok: data-platform, backups, test-clusters, default',
    '  route: data-platform',
    '  declares: an incident of sev1',
    '  failure domain: data-platform/cluster=prod/namespace=data-processing',
    '  target: prod/data-processing',
    '  runbook: restore-namespace',
    "  pages: whoever is on call for PagerDuty's service",
    '  invites: S0123ABCD',
    '  tells: #data-platform',
  ]);
  expect(data).toMatchObject({ problems: [], routed: { route: 'data-platform', severity: 'sev1' } });
  expect((await door.type('routing check alertname=DailyBackupTooOld')).lines).toContain('  pages: nobody');
  expect((await door.type('routing check cluster=test-eu')).lines).toContain(
    '  declares: nothing: it only joins an incident of its failure domain',
  );
});

test('without a file every alert takes the default route', async () => {
  const { lines } = await (await openDoor()).type('routing check service=checkout');
  expect(lines).toEqual([
    'No file is named in ROUTING_FILE: every alert takes the default route.',
    '  route: default (no route of the file matches)',
    '  declares: an incident of sev2',
    '  failure domain: default/service=checkout',
    '  service: checkout',
    "  pages: whoever is on call for PagerDuty's service",
  ]);
});

test('a broken file is told line by line, and stops nothing else in the terminal', async () => {
  const file = join(await writeFolder({ 'routing.yaml': 'routes:\n  - name: a\n    declar: true\n' }), 'routing.yaml');
  const door = await openDoor({ ROUTING_FILE: file });
  expect(await door.type('routing check')).toMatchObject({
    ok: false,
    lines: [`${file}:3:5 unknown key "declar"; did you mean "declare"?`, 'It cannot be used: 1 problem.'],
  });
  expect((await door.type(`routing check --file ${EXAMPLE}`)).ok).toBe(true);
  expect((await door.type('runbooks')).ok).toBe(true);
});

test('no file of the machine is read for Slack; what is no label is refused', async () => {
  const door = await openDoor();
  expect((await door.type('routing check --file /etc/passwd', IN_SLACK)).lines[0]).toBe(
    'A file is checked in the terminal only.',
  );
  expect((await door.type('routing check shop')).lines[0]).toBe('"shop" is no label with a value.');
});
