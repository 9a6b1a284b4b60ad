import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort, untilFree } from '../sandbox/find-free-port.ts';

export interface RedisServer {
  url: string;
  port: number;
  pid(): number;
  /** kill -9, as a crash would. */
  kill(): Promise<void>;
  /** Starts it again on the same port; `emptied`: without its data. */
  restart(options?: { emptied?: boolean }): Promise<void>;
  stop(): Promise<void>;
}

/** True where a real redis-server can be had; tests of outages need one. */
export function hasRedisServer(): boolean {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** It is stopped and started again on the same port, which nobody may have been given meanwhile. */
export const freePort = () => findFreePort();

/** A private redis-server as production runs it: AOF always, noeviction. */
export async function startRedis(): Promise<RedisServer> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'muster-redis-'));
  let child = await launch(port, folder);
  const gone = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exit = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await exit;
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    pid: () => child.pid ?? 0,
    kill: gone,
    restart: async ({ emptied = false } = {}) => {
      await gone();
      if (emptied) rmSync(join(folder, 'appendonlydir'), { recursive: true, force: true });
      if (emptied) rmSync(join(folder, 'appendonly.aof'), { force: true });
      await untilFree(port);
      child = await launch(port, folder);
    },
    stop: async () => {
      await gone();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function launch(port: number, folder: string) {
  const settings = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--dir',
    folder,
    '--save',
    '',
    '--appendonly',
    'yes',
    '--appendfsync',
    'always',
  ];
  const child = spawn('redis-server', [...settings, '--maxmemory-policy', 'noeviction'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise<void>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`redis-server ended with ${code}`)));
    child.stdout.on('data', (text: Buffer) => {
      if (text.includes('Ready to accept connections')) resolve();
    });
  });
  child.removeAllListeners('exit');
  return child;
}
