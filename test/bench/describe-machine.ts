import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';

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

function redisVersion(): string {
  try {
    const said = execFileSync('redis-server', ['--version'], { encoding: 'utf8', timeout: 5_000 });
    return `Redis ${/v=([\d.]+)/.exec(said)?.[1] ?? said.trim()} (appendfsync always)`;
  } catch {
    return 'no redis-server on the PATH: the bounds cannot be measured';
  }
}
