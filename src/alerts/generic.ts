import { createHash } from 'node:crypto';
import type { Alert } from '../domain/alert.ts';
import { type GenericAlert, GenericAlerts } from '../domain/generic-alerts.ts';
import { defineAlertSource } from '../incident-contracts.ts';
import { readMoment } from './reading/moment.ts';
import { packAlerts } from './reading/pack-alerts.ts';
import { refuseBearer } from './reading/read-bearer.ts';
import { readJson } from './reading/read-json.ts';

export const source = defineAlertSource({
  name: 'generic',
  summary: 'Anything that can post JSON with a bearer token: docs/send-alerts.md.',
  proof: 'headers',
  refuse: refuseBearer,
  parse({ body, at }) {
    const read = readJson(GenericAlerts, body);
    if ('why' in read) return read;
    const { id, alerts } = read.value;
    const packs = packAlerts(
      alerts.map((alert) => toAlert(alert, at)),
      at,
    );
    return {
      items: packs.map(({ item }, part) => (id === undefined ? { item } : { item, id: `generic/${id}/${part}` })),
    };
  },
});

function toAlert(sent: GenericAlert, at: number): Alert {
  const { status, name, labels, summary = name, groupKey, url } = sent;
  const endsAt = status === 'resolved' ? readMoment(sent.endsAt) : undefined;
  return {
    ...{ source: 'generic', status, name, summary, labels },
    fingerprint: sent.fingerprint ?? fingerprintOf(name, labels),
    startsAt: readMoment(sent.startsAt) ?? at,
    ...(endsAt === undefined ? {} : { endsAt }),
    ...(groupKey === undefined ? {} : { groupKey }),
    ...(url === undefined ? {} : { url }),
  };
}

function fingerprintOf(name: string, labels: Record<string, string>): string {
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([name, sorted]))
    .digest('hex')
    .slice(0, 32);
}
