import { Agent, request } from 'node:http';
import type { Stage } from './open-stage.ts';

/** One alert, as Alertmanager tells it. */
export interface Firing {
  namespace: string;
  /** Which of the things there fails. */
  number: number;
  startsAt: number;
}

/** A delivery of Alertmanager's webhook, version 4: one group, with one alert or many. */
export function renderWebhook(alerts: readonly Firing[]): string {
  const [first] = alerts;
  const groupLabels = { namespace: first?.namespace ?? '' };
  return JSON.stringify({
    ...{ version: '4', receiver: 'muster', status: 'firing', groupKey: `{}:{namespace="${groupLabels.namespace}"}` },
    ...{ groupLabels, commonLabels: groupLabels, commonAnnotations: {}, truncatedAlerts: 0 },
    externalURL: 'http://alertmanager.example.com:9093',
    alerts: alerts.map(renderAlert),
  });
}

function renderAlert({ namespace, number, startsAt }: Firing) {
  const fingerprint = Buffer.from(`${namespace}/${number}`).toString('hex');
  return {
    status: 'firing',
    labels: {
      ...{ alertname: 'TargetDown', cluster: 'sandbox', namespace, severity: 'critical' },
      ...{ service: `service-${number % 20}`, pod: `service-${number % 20}-${number}`, instance: `10.0.0.1:${number}` },
    },
    annotations: {
      summary: `Target ${number} of ${namespace} answers no request`,
      description: 'Prometheus could not scrape it for two minutes; clients see errors.',
    },
    startsAt: new Date(startsAt).toISOString(),
    endsAt: '0001-01-01T00:00:00Z',
    generatorURL: 'http://prometheus.example.com:9090/graph?g0.expr=up+%3D%3D+0',
    fingerprint,
  };
}

export interface Accepted {
  /** When all of the answer had arrived, by `performance.now()`. */
  at: number;
  status: number;
}

export interface Sender {
  send(body: string): Promise<Accepted>;
  close(): void;
}

/** Sends as Alertmanager does: over connections that it keeps, at most so many. An answer that never comes has the status 0. */
export function openSender({ sandbox: { env } }: Stage, connections = 1): Sender {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${env['ALERT_WEBHOOK_TOKEN']}` };
  const where = { host: '127.0.0.1', port: Number(env['PORT']), path: '/webhooks/alertmanager', method: 'POST' };
  return {
    send: (body) =>
      new Promise((resolve) => {
        const settle = (status: number) => resolve({ at: performance.now(), status });
        const asked = request({ ...where, agent, timeout: 10_000, headers }, (response) => {
          response.resume().once('end', () => settle(response.statusCode ?? 0));
        });
        asked.on('timeout', () => asked.destroy());
        asked.on('error', () => settle(0));
        asked.end(body);
      }),
    close: () => agent.destroy(),
  };
}

/** Sends one alert of a failure domain that nobody has heard of. @throws Error where it is not accepted */
export async function sendFirst(stage: Stage, namespace: string): Promise<Accepted> {
  const sender = openSender(stage);
  try {
    const accepted = await sender.send(renderWebhook([{ namespace, number: 1, startsAt: Date.now() }]));
    if (accepted.status !== 202) throw new Error(`the alert was answered ${accepted.status}`);
    return accepted;
  } finally {
    sender.close();
  }
}
