import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const TIMEOUT = { timeout: 240_000 };
const ROOT = join(import.meta.dirname, '../..');

describe('the sandbox, in a shell that points at production', () => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-hostile-'));
  let server: Server;
  let connections = 0;
  let port = 0;
  beforeAll(async () => {
    server = createServer((socket) => {
      connections += 1;
      socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    port = typeof address === 'object' && address !== null ? address.port : 0;
  });
  afterAll(async () => {
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true, force: true });
  });

  /** Everything that could lead outside, pointing at our own listener. */
  function hostileEnv(): Record<string, string> {
    const http = `http://127.0.0.1:${port}`;
    const kubeconfig = join(folder, 'config');
    const cluster = { name: 'production', cluster: { server: http } };
    const user = { name: 'admin', user: { token: 'secret' } };
    const context = { name: 'production', context: { cluster: 'production', user: 'admin' } };
    const config = { apiVersion: 'v1', kind: 'Config', clusters: [cluster], users: [user], contexts: [context] };
    writeFileSync(kubeconfig, JSON.stringify({ ...config, 'current-context': 'production' }));
    const pagerduty = {
      PAGERDUTY_API_TOKEN: 'token',
      PAGERDUTY_FROM_EMAIL: 'a@example.com',
      PAGERDUTY_SERVICE_ID: 'P1',
    };
    const slack = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1', SLACK_SIGNING_SECRET: 'secret' };
    return {
      REDIS_URL: `redis://127.0.0.1:${port}`,
      KUBECONFIG: kubeconfig,
      KUBE_CONTEXT: 'production',
      HTTP_PROXY: http,
      HTTPS_PROXY: http,
      http_proxy: http,
      https_proxy: http,
      ...slack,
      SLACK_API_URL: `${http}/api/`,
      ...pagerduty,
      PAGERDUTY_API_URL: http,
      PAGERDUTY_EVENTS_URL: http,
      PAGERDUTY_ROUTING_KEY: 'key',
      ROUTING_FILE: join(folder, 'production-routing.yaml'),
      ALERT_WEBHOOK_TOKEN: 'token',
    };
  }

  test.each([
    [['--demo'], 'The demo is over: data-processing is back, verified, with 1 Restore.'],
    [['--demo', 'incident'], 'The demo is over: one alert, one page, one room; data-processing is back'],
  ])('%j ends well, and nobody was called', TIMEOUT, async (words, end) => {
    const child = spawn(process.execPath, [join(ROOT, 'bin/run.js'), 'sandbox', ...words], {
      env: { ...process.env, ...hostileEnv() },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
    }
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect(text).toContain(end);
    expect(code).toBe(0);
    expect(connections).toBe(0);
  });

  test('the listener would have counted a call', async () => {
    await fetch(`http://127.0.0.1:${port}`).catch(() => undefined);
    expect(connections).toBe(1);
  });
});
