// `npm test [-- vitest's arguments]`: every kind of test that this machine can run, then what was left out and why.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findNode } from '../bin/run.js';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const env = process.env;

/** @param {string} name */
function onPath(name) {
  return (env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** What this machine lacks: known before any test runs, so it is said even when a run is cut short. */
function missingHere() {
  const lines = [];
  if (!onPath('redis-server')) lines.push(['every test that needs a real Redis', 'no redis-server on the PATH']);
  const programs = ['prometheus', 'promtool', 'prometheus-alertmanager', 'amtool'].filter((name) => !onPath(name));
  if (programs.length > 0) lines.push(['a real Prometheus and Alertmanager', `no ${programs.join(', ')} on the PATH`]);
  if (!env['KUBEBUILDER_ASSETS']) lines.push(['test/cluster (a real kube-apiserver)', 'KUBEBUILDER_ASSETS is not set']);
  if (!env['VELERO_CRDS_DATA']) lines.push(["validation against Velero's CRDs", 'VELERO_CRDS_DATA is not set']);
  if (!env['PAGERDUTY_OPENAPI']) lines.push(["validation against PagerDuty's OpenAPI", 'PAGERDUTY_OPENAPI is not set']);
  return lines.map((line) => line.join('\t'));
}

/**
 * Tests by kind and outcome, from vitest's JSON report.
 * @param {string} file
 */
function countTests(file) {
  /** @type {Map<string, { passed: number, failed: number, skipped: number }>} */
  const counts = new Map();
  /** @type {{ testResults: { name: string, assertionResults: { status: string }[] }[] }} */
  const { testResults } = JSON.parse(readFileSync(file, 'utf8'));
  for (const { name, assertionResults } of testResults) {
    const folder = relative(join(root, 'test'), name).split('/')[0] ?? '';
    const kind = ['journeys', 'crash', 'cluster'].includes(folder) ? folder : 'unit';
    const count = counts.get(kind) ?? { passed: 0, failed: 0, skipped: 0 };
    counts.set(kind, count);
    for (const { status } of assertionResults) {
      if (status === 'passed' || status === 'failed') count[status] += 1;
      else count.skipped += 1;
    }
  }
  return counts;
}

/** @param {string[]} args */
async function runTests(args) {
  const node = findNode();
  if (node === undefined) {
    console.error('The tests need Node.js 24: run `npm ci` first.');
    return 1;
  }
  const scratch = mkdtempSync(join(tmpdir(), 'muster-test-'));
  const skips = join(scratch, 'skips');
  const report = join(scratch, 'report.json');
  const lines = missingHere().map((line) => `${line}\n`);
  writeFileSync(skips, lines.join(''));
  try {
    const vitest = [join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', '--reporter=default', '--reporter=json'];
    const child = spawn(node, [...vitest, `--outputFile.json=${report}`, ...args], {
      cwd: root,
      stdio: 'inherit',
      env: { ...env, MUSTER_SKIPS: skips, PATH: [join(root, 'node_modules', '.bin'), env['PATH']].join(delimiter) },
    });
    process.on('SIGTERM', () => child.kill('SIGTERM'));
    process.on('SIGINT', () => undefined);
    const [code] = await once(child, 'exit');
    printSummary(report, skips);
    return code ?? 1;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** @param {{ passed: number, failed: number, skipped: number }} count */
function describeCount({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/**
 * @param {string} report
 * @param {string} skips
 */
function printSummary(report, skips) {
  try {
    const total = { passed: 0, failed: 0, skipped: 0 };
    for (const [kind, count] of countTests(report)) {
      console.log(`tests ${kind}: ${describeCount(count)}`);
      total.passed += count.passed;
      total.failed += count.failed;
      total.skipped += count.skipped;
    }
    console.log(`total: ${describeCount(total)}`);
  } catch {
    console.log('tests: no report, the run was cut short');
  }
  const lines = new Set(readFileSync(skips, 'utf8').split('\n').filter(Boolean));
  for (const line of lines) console.log(`left out: ${line.replace('\t', ': ')}`);
  if (lines.size === 0) console.log('left out: nothing');
}

process.exitCode = await runTests(process.argv.slice(2));
