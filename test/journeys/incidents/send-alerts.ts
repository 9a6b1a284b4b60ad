import { createHash } from 'node:crypto';
import { eventually } from '../world.ts';
import type { IncidentWorld } from './open-incidents.ts';

/** What an Alertmanager sends. */

export interface SentAlert {
  namespace: string;
  /** Left out: the namespace's own. */
  service?: string;
  name?: string;
  summary?: string;
  severity?: string;
  status?: 'firing' | 'resolved';
  /** ms since 1970; left out: now. */
  startsAt?: number;
}

/** One alert of a group, as Alertmanager's webhook of version 4 has it. */
export function buildAlert(world: Pick<IncidentWorld, 'clock'>, sent: SentAlert): object {
  const { namespace, service = namespace, name = 'DatabaseDown', severity = 'critical', status = 'firing' } = sent;
  const labels = { alertname: name, namespace, severity, service };
  const startsAt = sent.startsAt ?? world.clock.now();
  return {
    ...{ status, labels, annotations: { summary: sent.summary ?? `${namespace} does not answer` } },
    startsAt: new Date(startsAt).toISOString(),
    endsAt: status === 'firing' ? '0001-01-01T00:00:00Z' : new Date(startsAt + 1_000).toISOString(),
    generatorURL: `https://prometheus.example/graph?g0.expr=${name}`,
    fingerprint: createHash('sha256').update(JSON.stringify(labels)).digest('hex').slice(0, 16),
  };
}

/** Posts one webhook; answers what the sender is told. */
export async function post(
  world: Pick<IncidentWorld, 'clock' | 'sandbox'>,
  sent: readonly SentAlert[],
  port = world.sandbox.env['PORT'],
): Promise<{ status: number; retryAfter: string | null; text: string }> {
  const alerts = sent.map((it) => buildAlert(world, it));
  const key = sent.map(({ namespace }) => namespace)[0];
  const body = {
    ...{ version: '4', groupKey: `{}:{namespace="${key}"}`, truncatedAlerts: 0, status: 'firing', receiver: 'muster' },
    ...{ groupLabels: { namespace: key }, commonLabels: {}, commonAnnotations: {} },
    ...{ externalURL: 'https://alertmanager.example', alerts },
  };
  const answer = await fetch(`http://127.0.0.1:${port}/webhooks/alertmanager`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${world.sandbox.env['ALERT_WEBHOOK_TOKEN']}`,
    },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(30_000),
  });
  return { status: answer.status, retryAfter: answer.headers.get('retry-after'), text: await answer.text() };
}

/** Sends it as an Alertmanager would, until it is taken. */
export async function send(world: IncidentWorld, ...sent: SentAlert[]): Promise<void> {
  await eventually('the alert is taken', async () => {
    const { status } = await post(world, sent).catch(() => ({ status: 0 }));
    return status === 202 || undefined;
  });
}
