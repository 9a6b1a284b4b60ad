import type { AlertmanagerPayload, FiringRule } from './build-payload.ts';

const LIMIT_MS = 10_000;
/** Rules wait that long before they fire, ms: `for: 1m`. */
const FOR_MS = 60_000;

/** What fires when nothing of a namespace is there any more. */
export function rulesFor(namespace: string, at: number): FiringRule[] {
  const startsAt = at - FOR_MS;
  const labels = { namespace, severity: 'critical' };
  return [
    {
      labels: { alertname: 'WorkloadsGone', ...labels, service: namespace },
      annotations: { summary: `Nothing runs in ${namespace} any more`, description: 'No Deployment for a minute' },
      expression: `absent(kube_deployment_created{namespace="${namespace}"})`,
      startsAt,
    },
    {
      labels: { alertname: 'ClickHouseDown', ...labels, service: 'clickhouse' },
      annotations: { summary: 'ClickHouse does not answer' },
      expression: `absent(up{namespace="${namespace}",job="clickhouse"} == 1)`,
      startsAt,
    },
  ];
}

/** Posts it as Alertmanager does. Answers the HTTP status and what was said. */
export async function sendAlerts(
  env: Record<string, string>,
  payload: AlertmanagerPayload,
): Promise<{ status: number; text: string }> {
  const answer = await fetch(`http://127.0.0.1:${env['PORT']}/webhooks/alertmanager`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'user-agent': 'Alertmanager/0.25.0',
      authorization: `Bearer ${env['ALERT_WEBHOOK_TOKEN']}`,
    },
    body: JSON.stringify(payload),
    signal: AbortSignal.timeout(LIMIT_MS),
  });
  return { status: answer.status, text: (await answer.text()).trim() };
}
