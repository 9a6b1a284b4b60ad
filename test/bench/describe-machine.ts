import { execFileSync } from 'node:child_process';
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, tmpdir, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { percentile } from './measure.ts';
import { renderMs } from './render-measured.ts';

/** What the numbers were measured on; without it they say nothing. */
export function describeMachine(): string[] {
  const memory = (totalmem() / 2 ** 30).toFixed(1);
  return [
    `Machine: ${cpus()[0]?.model.trim() ?? 'unknown CPU'}, ${availableParallelism()} cores, ${memory} GiB, ${type()} ${release()}`,
    `Node.js ${process.versions.node}, ${redisVersion()}`,
  ];
}

/** How busy the machine is; others on it make every number worse. */
export function describeLoad(): string {
  const [one = 0, five = 0] = loadavg();
  return `load ${one.toFixed(1)} (1 min), ${five.toFixed(1)} (5 min) on ${availableParallelism()} cores`;
}

const WRITES = 200;

/** How long the disk takes over a write that must last: Redis waits for one with everything that is recorded. */
export function describeDisk(): string {
  const folder = mkdtempSync(join(tmpdir(), 'muster-bench-disk-'));
  const file = openSync(join(folder, 'probe'), 'w');
  const took: number[] = [];
  try {
    for (let write = 0; write < WRITES; write += 1) {
      writeSync(file, 'x'.repeat(500));
      const startedAt = performance.now();
      fdatasyncSync(file);
      took.push(performance.now() - startedAt);
    }
  } finally {
    closeSync(file);
    rmSync(folder, { recursive: true });
  }
  return `${WRITES} writes, p50 ${renderMs(percentile(took, 0.5))}, p99 ${renderMs(percentile(took, 0.99))}`;
}

function redisVersion(): string {
  try {
    const said = execFileSync('redis-server', ['--version'], { encoding: 'utf8', timeout: 5_000 });
    return `Redis ${/v=([\d.]+)/.exec(said)?.[1] ?? said.trim()} (appendfsync always)`;
  } catch {
    return 'no redis-server on the PATH: the bounds cannot be measured';
  }
}
