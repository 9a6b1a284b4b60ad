import { expect, test } from 'vitest';
import { chooseSchedule, narrowTemplate } from '../../src/domain/choose-schedule.ts';
import { Backup, Schedule } from '../../src/domain/velero.ts';

const metadata = (name: string, labels = {}) => ({
  ...{ name, uid: name, resourceVersion: '1', creationTimestamp: '2026-01-01T00:00:00Z', labels },
});
const schedule = (name: string, template: object) =>
  Schedule.schema.parse({ metadata: metadata(name), spec: { schedule: '0 3 * * *', template } });
const backup = (name: string, of: string, startTimestamp: string) =>
  Backup.schema.parse({
    metadata: metadata(name, { 'velero.io/schedule-name': of }),
    spec: { includedNamespaces: ['*'] },
    status: { phase: 'Completed', startTimestamp, expiration: '2027-01-01T00:00:00Z' },
  });
const wish = { namespace: 'shop', schedule: undefined, now: Date.parse('2026-01-10T00:00:00Z') };
const all = [
  schedule('weekly', { includedNamespaces: ['shop'] }),
  schedule('daily', {}),
  schedule('hourly', { includedResources: ['secrets'] }),
  schedule('labelled', { labelSelector: { matchLabels: { app: 'web' } } }),
];

test('the one whose backup a restore would take', () => {
  const backups = [backup('w', 'weekly', '2026-01-09T00:00:00Z'), backup('d', 'daily', '2026-01-08T00:00:00Z')];
  expect(chooseSchedule(all, backups, wish)).toMatchObject({ ok: true, schedule: { metadata: { name: 'weekly' } } });
});

test('without any backup the first by name that takes the namespace whole', () => {
  expect(chooseSchedule(all, [], wish)).toMatchObject({ ok: true, schedule: { metadata: { name: 'daily' } } });
});

test.each([
  ['hourly', 'Schedule hourly cannot back up shop whole: it has no Deployments (only secrets).'],
  ['labelled', 'Schedule labelled cannot back up shop whole: it takes only objects with certain labels.'],
  ['dayly', 'There is no Schedule "dayly"; did you mean "daily"?.'],
])('%s is refused by name', (name, message) => {
  expect(chooseSchedule(all, [], { ...wish, schedule: name })).toMatchObject({ ok: false, refusal: { message } });
});

test('none at all', () => {
  expect(chooseSchedule(all.slice(2), [], wish)).toMatchObject({
    ok: false,
    refusal: { message: 'No Schedule takes in shop whole, so there is no template to go by.' },
  });
});

test('the template carries over, but for the namespaces', () => {
  const hooks = { resources: [{ name: 'freeze' }] };
  const template = {
    includedNamespaces: ['*'],
    excludedNamespaces: ['bank'],
    ttl: '24h0m0s',
    snapshotMoveData: true,
    hooks,
  };
  expect(narrowTemplate(schedule('daily', template), 'shop')).toEqual({
    ...{ includedNamespaces: ['shop'], ttl: '24h0m0s', snapshotMoveData: true, hooks },
  });
});
