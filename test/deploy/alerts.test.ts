import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { routeAlert } from '../../src/domain/route-alert.ts';
import { DEPLOY } from './manifests.ts';

/** What Velero v1.18 exports about backups and restores (`pkg/metrics/metrics.go`). There is no `..._restore_failure_total`. */
const EXPORTED = [
  ...['attempt_total', 'success_total', 'partial_failure_total', 'failure_total', 'validation_failure_total', 'total']
    .concat(['warning_total', 'duration_seconds', 'tarball_size_bytes', 'items_total', 'items_errors'])
    .concat(['last_successful_timestamp', 'last_status', 'location_status_gauge'])
    .concat(['deletion_attempt_total', 'deletion_success_total', 'deletion_failure_total'])
    .map((name) => `velero_backup_${name}`),
  ...[
    'total',
    'attempt_total',
    'success_total',
    'partial_failure_total',
    'failed_total',
    'validation_failed_total',
  ].map((name) => `velero_restore_${name}`),
];

interface Rule {
  alert: string;
  expr: string;
  for?: string;
  labels: { severity: string };
  annotations: { summary: string; description: string };
}

const text = readFileSync(join(DEPLOY, 'alerts/backup-alerts.yaml'), 'utf8');
const { groups } = parse(text) as { groups: { name: string; rules: Rule[] }[] };
const rules = groups.flatMap((group) => group.rules);
const metricsOf = ({ expr }: Rule) => expr.match(/\bvelero_\w+/g) ?? [];

test('every alert is on metrics that Velero has', () => {
  expect(rules.flatMap(metricsOf).filter((metric) => !EXPORTED.includes(metric))).toEqual([]);
  expect(rules.filter((rule) => metricsOf(rule).length === 0)).toEqual([]);
});

test('every way in which a backup or a restore fails is alerted on', () => {
  const used = new Set(rules.flatMap(metricsOf));
  const failures = EXPORTED.filter((name) => /fail/.test(name) && !name.includes('deletion'));
  expect(failures.length).toBe(6);
  expect(failures.filter((name) => !used.has(name))).toEqual([]);
});

test('each rule has what a person needs, and brackets that match', () => {
  expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
  for (const { expr, labels, annotations } of rules) {
    expect(labels.severity).toMatch(/^sev[1-4]$/);
    expect(annotations.summary).not.toBe('');
    expect(annotations.description).not.toBe('');
    for (const [open, close] of ['()', '{}', '[]'].map((pair) => pair.split('')))
      expect(expr.split(open as string).length).toBe(expr.split(close as string).length);
  }
});

test('the age of a backup is no alert that stays silent when there has never been one', () => {
  const ages = rules.filter(({ expr }) => expr.includes('last_successful_timestamp'));
  expect(ages.length).toBe(2);
  expect(ages.filter(({ expr }) => !expr.includes('or absent('))).toEqual([]);
});

test('each declares an incident that is as severe as the rule says, without any routing file', () => {
  for (const { alert, labels } of rules) {
    const fired = { source: 'alertmanager', fingerprint: alert, status: 'firing', name: alert, summary: '' } as const;
    const routed = routeAlert({ ...fired, labels, startsAt: 0 }, undefined);
    expect(routed, alert).toMatchObject({ declares: true, severity: labels.severity, page: {} });
  }
});
