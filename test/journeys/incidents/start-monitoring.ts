import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { ROOT } from '../../architecture/source.ts';
import { freePort } from '../../redis.ts';
import { PATIENCE_MS } from '../slack/patience.ts';
import { eventually } from '../world.ts';

/** A real Prometheus and a real Alertmanager on the loopback, with the rules and the receiver of deploy/. */
export interface Monitoring {
  /** What the watched server exports from now on: a sample's name with its labels, and its value. */
  measure(samples: Record<string, number>): void;
  /** What Alertmanager's `credentials_file` holds. */
  useToken(token: string): void;
  /** What Alertmanager has logged. */
  log(): string;
  /** Names of the alerts that Alertmanager has, as amtool tells them. */
  alerts(): string[];
  /** Does what docs/connect-alertmanager.md says under "Try it". */
  tryIt(): void;
  /** Leaves no process, socket or file. */
  close(): Promise<void>;
}

export interface MonitoringOptions {
  /** The bot: `http://127.0.0.1:<port>` */
  bot: string;
  token: string;
  samples: Record<string, number>;
  /** The alerts of deploy/alerts that fire at once here, not after their `for`. */
  atOnce: readonly string[];
}

/** Answers once Prometheus has measured, knows its Alertmanager, and has looked at its rules. */
export async function startMonitoring(options: MonitoringOptions): Promise<Monitoring> {
  const folder = mkdtempSync(join(tmpdir(), 'muster-prometheus-'));
  const watched = await serveSamples(options.samples);
  const running: Program[] = [];
  const close = async () => {
    await Promise.all(running.map((program) => program.end()));
    await watched.close();
    rmSync(folder, { recursive: true, force: true });
  };
  const useToken = (token: string) => writeFileSync(join(folder, 'token'), token);
  try {
    useToken(options.token);
    const [prometheusPort, alertmanagerPort] = [await freePort(), await freePort()];
    writeAlertmanager(folder, options.bot);
    writePrometheus(folder, watched.port, alertmanagerPort, options.atOnce);
    const alertmanager = await startAlertmanager(folder, alertmanagerPort);
    running.push(alertmanager);
    const prometheus = await startPrometheus(folder, prometheusPort);
    running.push(prometheus);
    const address = `http://127.0.0.1:${alertmanagerPort}`;
    await untilHealthy(`${address}/-/ready`, alertmanager);
    await untilHealthy(`http://127.0.0.1:${prometheusPort}/-/ready`, prometheus);
    await untilWatching(`http://127.0.0.1:${prometheusPort}`);
    return {
      ...{ measure: watched.measure, useToken, log: alertmanager.log, close },
      alerts: () => listAlerts(address),
      tryIt: () => tryIt(address),
    };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

function writeAlertmanager(folder: string, bot: string): void {
  const config = parse(readFileSync(join(ROOT, 'deploy/alertmanager.yaml'), 'utf8'));
  const [webhook] = config.receivers.find(({ name }: { name: string }) => name === 'muster').webhook_configs;
  webhook.url = webhook.url.replace('https://muster.example.com', bot);
  webhook.http_config.authorization.credentials_file = join(folder, 'token');
  config.route.routes[0].group_interval = '1s';
  writeFileSync(join(folder, 'alertmanager.yaml'), stringify(config));
}

function writePrometheus(folder: string, watched: number, alertmanager: number, atOnce: readonly string[]): void {
  const rules = parse(readFileSync(join(ROOT, 'deploy/alerts/backup-alerts.yaml'), 'utf8'));
  for (const group of rules.groups) for (const rule of group.rules) if (atOnce.includes(rule.alert)) delete rule.for;
  writeFileSync(join(folder, 'rules.yaml'), stringify(rules));
  const config = {
    global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
    rule_files: ['rules.yaml'],
    alerting: { alertmanagers: [{ static_configs: [{ targets: [`127.0.0.1:${alertmanager}`] }] }] },
    scrape_configs: [{ job_name: 'velero', static_configs: [{ targets: [`127.0.0.1:${watched}`] }] }],
  };
  writeFileSync(join(folder, 'prometheus.yaml'), stringify(config));
}

function startAlertmanager(folder: string, port: number): Promise<Program> {
  return startProgram('prometheus-alertmanager', [
    ...[`--config.file=${join(folder, 'alertmanager.yaml')}`, `--storage.path=${join(folder, 'alertmanager')}`],
    ...[`--web.listen-address=127.0.0.1:${port}`, `--web.external-url=http://127.0.0.1:${port}`],
    '--cluster.listen-address=',
  ]);
}

function startPrometheus(folder: string, port: number): Promise<Program> {
  return startProgram('prometheus', [
    ...[`--config.file=${join(folder, 'prometheus.yaml')}`, `--storage.tsdb.path=${join(folder, 'prometheus')}`],
    ...[`--web.listen-address=127.0.0.1:${port}`, `--web.external-url=http://127.0.0.1:${port}`],
    // Else an alert that was lost on its way is not sent again for a minute.
    '--rules.alert.resend-delay=2s',
  ]);
}

interface Program {
  alive(): boolean;
  log(): string;
  /** kill -9, and waits until it is gone. */
  end(): Promise<void>;
}

async function startProgram(name: string, words: readonly string[]): Promise<Program> {
  let log = '';
  const child: ChildProcess = spawn(name, words, { stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      log += text;
    });
  await once(child, 'spawn');
  const alive = () => child.exitCode === null && child.signalCode === null;
  const end = async () => {
    if (!alive()) return;
    const ended = once(child, 'close');
    child.kill('SIGKILL');
    await ended;
  };
  return { alive, log: () => log, end };
}

async function untilHealthy(url: string, program: Program): Promise<void> {
  const look = async () => {
    if (!program.alive()) throw new Error(`it ended: ${program.log()}`);
    const answer = await fetch(url, { signal: AbortSignal.timeout(10_000) }).catch(() => undefined);
    await answer?.body?.cancel();
    return answer?.ok || undefined;
  };
  await eventually(url, look, PATIENCE_MS);
}

async function untilWatching(prometheus: string): Promise<void> {
  const ask = async (path: string) => {
    const answer = await fetch(`${prometheus}/api/v1/${path}`, { signal: AbortSignal.timeout(10_000) });
    return ((await answer.json()) as { data: Record<string, unknown[]> }).data;
  };
  const look = async () => {
    const { activeAlertmanagers = [] } = await ask('alertmanagers');
    const { result = [] } = await ask('query?query=up==1');
    const { groups = [] } = await ask('rules');
    const looked = (groups as { rules: { health: string }[] }[]).flatMap(({ rules }) => rules);
    const isLooking = looked.length > 0 && looked.every(({ health }) => health === 'ok');
    return (activeAlertmanagers.length === 1 && result.length === 1 && isLooking) || undefined;
  };
  await eventually('Prometheus watches', look, PATIENCE_MS);
}

function listAlerts(alertmanager: string): string[] {
  const words = ['alert', 'query', '--output=json', `--alertmanager.url=${alertmanager}`];
  const found = JSON.parse(execFileSync('amtool', words, { encoding: 'utf8', timeout: 20_000 }));
  return found.map(({ labels }: { labels: Record<string, string> }) => labels['alertname']);
}

function tryIt(alertmanager: string): void {
  const guide = readFileSync(join(ROOT, 'docs/connect-alertmanager.md'), 'utf8');
  const [line] = /amtool alert add .*/.exec(guide) ?? [];
  if (line === undefined) throw new Error('the guide does not say how to try it');
  execFileSync('sh', ['-c', line.replace('http://localhost:9093', alertmanager)], { timeout: 20_000 });
}

async function serveSamples(first: Record<string, number>) {
  let samples = first;
  const server: Server = createServer((_request, response) => {
    const lines = Object.entries(samples).map(([name, value]) => `${name} ${value}\n`);
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(lines.join(''));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    measure: (next: Record<string, number>) => {
      samples = { ...samples, ...next };
    },
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
