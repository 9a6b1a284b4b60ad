import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../redis.ts';

/** A real Prometheus and a real Alertmanager, on loopback, that fire one alert while the test says so. */
export interface RealAlerting {
  /** Whether checkout is down, as what Prometheus scrapes tells it. */
  setDown(down: boolean): void;
  /** What both have written, for a failure's report. */
  log(): string;
  close(): Promise<void>;
}

export function hasRealAlerting(): boolean {
  try {
    for (const program of ['prometheus', 'prometheus-alertmanager'])
      execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const RULES = {
  groups: [
    {
      name: 'shop',
      interval: '1s',
      rules: [
        {
          alert: 'CheckoutDown',
          expr: 'checkout_down == 1',
          labels: { severity: 'critical', cluster: 'prod', namespace: 'shop', service: 'checkout' },
          annotations: { summary: 'Checkout answers no request' },
        },
      ],
    },
  ],
};

/** Its files are JSON, which is YAML too. */
export async function startRealAlerting(webhook: string, token: string): Promise<RealAlerting> {
  const folder = mkdtempSync(join(tmpdir(), 'muster-alerting-'));
  const write = (name: string, content: object) => writeFileSync(join(folder, name), JSON.stringify(content));
  const shop = await serveShop();
  const [prometheus, alertmanager] = [await freePort(), await freePort()];
  write('rules.json', RULES);
  write('prometheus.json', {
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    rule_files: [join(folder, 'rules.json')],
    scrape_configs: [{ job_name: 'shop', static_configs: [{ targets: [`127.0.0.1:${shop.port}`] }] }],
    alerting: { alertmanagers: [{ static_configs: [{ targets: [`127.0.0.1:${alertmanager}`] }] }] },
  });
  write('alertmanager.json', {
    route: {
      receiver: 'muster',
      group_by: ['namespace'],
      group_wait: '1s',
      group_interval: '1s',
      repeat_interval: '2s',
    },
    receivers: [
      {
        name: 'muster',
        webhook_configs: [{ url: webhook, http_config: { authorization: { credentials: token } } }],
      },
    ],
  });
  let log = '';
  const run = (program: string, args: string[]): ChildProcess => {
    const child = spawn(program, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (log += text));
    return child;
  };
  const children = [
    run('prometheus-alertmanager', [
      ...[`--config.file=${join(folder, 'alertmanager.json')}`, `--storage.path=${join(folder, 'alertmanager')}`],
      ...['--cluster.listen-address=', `--web.listen-address=127.0.0.1:${alertmanager}`],
    ]),
    run('prometheus', [
      ...[`--config.file=${join(folder, 'prometheus.json')}`, `--storage.tsdb.path=${join(folder, 'prometheus')}`],
      ...[`--web.listen-address=127.0.0.1:${prometheus}`, '--rules.alert.resend-delay=2s'],
    ]),
  ];
  return {
    setDown: shop.setDown,
    log: () => log,
    close: async () => {
      await Promise.all(children.map(endProcess));
      await shop.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function serveShop() {
  let down = false;
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    response.end(`checkout_down ${down ? 1 : 0}\n`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    setDown: (is: boolean) => {
      down = is;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}
