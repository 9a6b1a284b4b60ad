import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { routeAlert } from '../../src/domain/route-alert.ts';
import { announceSkip } from '../announce-skip.ts';
import { ROOT } from '../architecture/source.ts';
import { explainMissingPrograms } from '../prometheus-tools.ts';
import { DEPLOY } from './manifests.ts';

const missing = explainMissingPrograms();
if (missing !== undefined) announceSkip('deploy/alerts and deploy/alertmanager.yaml, by their own tools', missing);

const FILE = join(DEPLOY, 'alertmanager.yaml');
const { receivers } = parse(readFileSync(FILE, 'utf8'));

describe.skipIf(missing !== undefined)("Prometheus' and Alertmanager's own tools", () => {
  const run = (program: string, ...words: string[]) =>
    execFileSync(program, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 20_000 });

  test.each(readdirSync(join(DEPLOY, 'alerts')))('take the rules of %s', (file) => {
    expect(run('promtool', 'check', 'rules', join(DEPLOY, 'alerts', file))).toContain('SUCCESS');
  });

  test('take the example of a configuration', () => {
    expect(run('amtool', 'check-config', FILE)).toContain('SUCCESS');
  });

  test.each(['sev1', 'sev2', 'critical', 'warning', 'info', 'none', 'sev10', ''])(
    'send what may declare an incident to Muster, and all to the team: severity "%s"',
    (severity) => {
      const routed = run('amtool', 'config', 'routes', 'test', `--config.file=${FILE}`, `severity=${severity}`, 'a=b');
      expect(routed.trim()).toBe(declares({ severity }) ? 'muster,team' : 'team');
    },
  );
});

/** Without a routing file. */
function declares(labels: Record<string, string>): boolean {
  const fired = { source: 'alertmanager', fingerprint: 'a', status: 'firing', name: 'a', summary: '' } as const;
  return routeAlert({ ...fired, startsAt: 0, labels }, undefined).declares;
}

test('the example tells all that Muster needs, and holds no secret', () => {
  const [webhook] = receivers.find(({ name }: { name: string }) => name === 'muster').webhook_configs;
  expect(webhook).toMatchObject({ send_resolved: true, max_alerts: 4000 });
  expect(new URL(webhook.url)).toMatchObject({ protocol: 'https:', pathname: '/webhooks/alertmanager' });
  expect(Object.keys(webhook.http_config.authorization).sort()).toEqual(['credentials_file', 'type']);
  const guide = readFileSync(join(ROOT, 'docs/connect-alertmanager.md'), 'utf8');
  const [lines] = /(?<= {3}```yaml\n)[^`]+/.exec(guide) ?? [''];
  expect(parse(lines).receivers[0]).toEqual(receivers[0]);
});
