import { z } from 'zod';
import type { Alert } from '../domain/alert.ts';
import { defineAlertSource } from '../incident-contracts.ts';
import { Moment, readMoment } from './reading/moment.ts';
import { packAlerts } from './reading/pack-alerts.ts';
import { refuseBearer } from './reading/read-bearer.ts';
import { readJson } from './reading/read-json.ts';

const Labels = z.record(z.string(), z.string());

const AlertmanagerAlert = z.object({
  status: z.enum(['firing', 'resolved']),
  labels: Labels,
  annotations: Labels.nullish(),
  startsAt: Moment,
  endsAt: Moment.nullish(),
  generatorURL: z.string().nullish(),
  fingerprint: z.string().min(1, 'must not be empty'),
});

/** Alertmanager's webhook, version 4: https://prometheus.io/docs/alerting/latest/configuration/#webhook_config */
const Payload = z.object({
  version: z.literal('4'),
  groupKey: z.string(),
  alerts: z.array(AlertmanagerAlert),
  /** How many of the group `max_alerts` kept back; no alert is refused because of it. */
  truncatedAlerts: z.number().int().nonnegative().catch(0),
});

export const source = defineAlertSource({
  name: 'alertmanager',
  summary: "Prometheus Alertmanager's webhook, version 4, with a bearer token.",
  proof: 'headers',
  refuse: refuseBearer,
  parse({ body, at }) {
    const read = readJson(Payload, body);
    if ('why' in read) return read;
    const { alerts, groupKey, truncatedAlerts } = read.value;
    // It says the same again every few hours, and nobody may lose that for having sent it before: its deliveries have no id.
    return { items: packAlerts(alerts.map(toAlert(groupKey, at)), at), leftOut: truncatedAlerts };
  },
});

function toAlert(groupKey: string, at: number) {
  return (sent: z.infer<typeof AlertmanagerAlert>): Alert => {
    const { status, labels, fingerprint } = sent;
    const notes = sent.annotations ?? {};
    const name = labels['alertname'] ?? 'alert';
    const endsAt = status === 'resolved' ? readMoment(sent.endsAt) : undefined;
    return {
      ...{ source: 'alertmanager', fingerprint, status, name, labels, groupKey },
      summary: notes['summary'] ?? notes['message'] ?? notes['description'] ?? name,
      startsAt: readMoment(sent.startsAt) ?? at,
      ...(endsAt === undefined ? {} : { endsAt }),
      ...(sent.generatorURL ? { url: sent.generatorURL } : {}),
    };
  };
}
