import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from './find-free-port.ts';

export interface SandboxRedis {
  url: string;
  /** What runs, for people. */
  what: string;
  close(): Promise<void>;
}

/** `override` (SANDBOX_REDIS_URL), else a private redis-server on a free port, else a server embedded in this process. */
export async function startRedis(override: string | undefined): Promise<SandboxRedis> {
  if (override !== undefined && override !== '') {
    return { url: override, what: 'Redis of SANDBOX_REDIS_URL', close: () => Promise.resolve() };
  }
  return (await startPrivateServer()) ?? startEmbedded();
}

/** As production runs it: AOF always, noeviction. Undefined where there is no redis-server on the PATH. */
async function startPrivateServer(): Promise<SandboxRedis | undefined> {
  const port = await findFreePort();
  const folder = mkdtempSync(join(tmpdir(), 'muster-sandbox-redis-'));
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
  ];
  const child = spawn('redis-server', [...settings, '--appendfsync', 'always', '--maxmemory-policy', 'noeviction'], {
    stdio: ['ignore', 'pipe', 'ignore'],
    // Of its own group: a Ctrl-C in the terminal reaches the sandbox, which then stops Redis last.
    detached: true,
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const ready = new Promise<true>((resolve) => {
    child.stdout.on('data', (text: Buffer) => {
      if (text.includes('Ready to accept connections')) resolve(true);
    });
  });
  const close = async () => {
    child.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  const up = await Promise.race([ready, ended]);
  if (up === true) return { url: `redis://127.0.0.1:${port}`, what: `a private redis-server on port ${port}`, close };
  rmSync(folder, { recursive: true, force: true });
  return undefined;
}

async function startEmbedded(): Promise<SandboxRedis> {
  const { createRedisMock } = await import('js-redis-server');
  const server = await createRedisMock();
  const [address] = server.addresses();
  return {
    url: `redis://${address?.host ?? '127.0.0.1'}:${address?.port}`,
    what: 'an embedded Redis (no redis-server on the PATH); it forgets everything when the sandbox ends',
    close: () => server.close(),
  };
}
