import { expect, test } from 'vitest';
import { type BackupEvidence, describeVolume, judgeBackup } from '../../src/domain/judge-backup.ts';
import { Backup, BackupStorageLocation } from '../../src/domain/velero.ts';
import { listObjects, VolumeInfos } from '../../src/domain/velero-files.ts';

const NOW = Date.parse('2026-01-02T00:00:00Z');
const metadata = (name: string) => ({
  name,
  uid: name,
  resourceVersion: '1',
  creationTimestamp: '2026-01-01T00:00:00Z',
});
const backup = (status: object = {}, spec: object = {}, name = 'nightly') =>
  Backup.schema.parse({
    metadata: metadata(name),
    spec: { includedNamespaces: ['shop'], ...spec },
    status: {
      phase: 'Completed',
      startTimestamp: '2026-01-01T12:00:00Z',
      expiration: '2026-01-09T00:00:00Z',
      ...status,
    },
  });
const location = BackupStorageLocation.schema.parse({
  metadata: metadata('default'),
  spec: { accessMode: 'ReadWrite' },
  status: { phase: 'Available', lastValidationTime: '2026-01-01T23:59:30Z' },
});
const objects = listObjects({ 'apps/v1/Deployment': ['shop/web'], 'v1/PersistentVolumeClaim': ['shop/data'] });
const volumes = VolumeInfos.parse([
  { pvcName: 'data', pvcNamespace: 'shop', backupMethod: 'CSISnapshot', result: 'succeeded' },
]);
const whole: BackupEvidence = {
  backup: backup(),
  location,
  objects: { found: objects },
  volumes: { found: volumes },
  results: { found: { errors: {}, warnings: {} } },
};
const beside = { namespace: 'shop', claims: [], newer: [], now: NOW };
const red = (evidence: Partial<BackupEvidence>, more: object = {}) =>
  judgeBackup({ ...whole, ...evidence }, { ...beside, ...more })
    .filter(({ verdict }) => verdict !== 'pass')
    .map(({ name, detail, next }) => `${name}: ${detail}${next === undefined ? '' : ' ->'}`);

test('one that is whole is red for nothing', () => {
  expect(red({})).toEqual([]);
});

test.each<[string, string[], Partial<BackupEvidence>, object?]>([
  ['not ended', ['phase: InProgress, 0 errors, 0 warnings ->'], { backup: backup({ phase: 'InProgress' }) }],
  [
    'of a phase nobody knows',
    ['phase: Pondering, 0 errors, 0 warnings ->'],
    { backup: backup({ phase: 'Pondering' }) },
  ],
  [
    'refused by Velero',
    ['phase: FailedValidation, 0 errors, 0 warnings: no such location ->'],
    { backup: backup({ phase: 'FailedValidation', validationErrors: ['no such location'] }) },
  ],
  ['over', ['expiry: 12 h old, EXPIRED 1 h ago ->'], { backup: backup({ expiration: '2026-01-01T23:00:00Z' }) }],
  ['soon over', ['expiry: 12 h old, EXPIRES in 20 min ->'], { backup: backup({ expiration: '2026-01-02T00:20:00Z' }) }],
  [
    'of another namespace',
    ['workloads: it does not include shop ->'],
    { backup: backup({}, { includedNamespaces: ['bank'] }) },
  ],
  [
    'without workloads inside',
    ['workloads: 0 workloads among 1 object of shop ->'],
    { objects: { found: objects.filter(({ kind }) => kind !== 'Deployment') } },
  ],
  [
    'without what is inside',
    [
      'workloads: what is inside cannot be read: 404 ->',
      'volumes: cannot tell which PVCs have data: what is inside cannot be read ->',
    ],
    { objects: { unread: '404' } },
  ],
  ['without its volume infos', ['volumes: cannot tell which PVCs have data: 404 ->'], { volumes: { unread: '404' } }],
  [
    'without the data of a PVC',
    ['pvc/data: NO DATA: Velero says nothing of its volume ->'],
    { volumes: { found: [] } },
  ],
  [
    'without a PVC that was there',
    ['pvc/late: is in the cluster, but not in this backup ->'],
    {},
    { claims: [{ name: 'late', madeAt: NOW - 20 * 3_600_000 }] },
  ],
  ['older than a PVC: no fault of it', [], {}, { claims: [{ name: 'young', madeAt: NOW - 3_600_000 }] }],
  [
    'with errors that it does not count',
    ['results: 1 errors, 0 warnings ->'],
    { results: { found: { errors: { velero: ['x'] }, warnings: {} } } },
  ],
  ['in a location that is gone', ['storage default: there is no such storage location ->'], { location: undefined }],
  [
    'with newer ones that failed',
    ['newer backups: b2 is Failed, and 1 more are not well ->'],
    {},
    {
      newer: [
        backup({}, {}, 'b1'),
        backup({ phase: 'Failed' }, {}, 'b2'),
        backup({ phase: 'PartiallyFailed' }, {}, 'b3'),
      ],
    },
  ],
])('a backup %s', (_what, expected, evidence, more) => {
  expect(red(evidence, more)).toEqual(expected);
});

test('a location that was not validated lately is not known, not well', () => {
  const stale = { ...location, status: { ...location.status, lastValidationTime: '2026-01-01T20:00:00Z' } };
  const check = judgeBackup({ ...whole, location: stale }, beside).find(({ name }) => name === 'storage default');
  expect(check?.verdict).toBe('unchecked');
});

test.each([
  [{ backupMethod: 'PodVolumeBackup', result: 'failed' }, 'NO DATA: PodVolumeBackup failed'],
  [{ backupMethod: '', result: 'succeeded' }, 'NO DATA: by no method'],
  [{ backupMethod: 'PodVolumeBackup', skipped: true, skippedReason: 'opted out' }, 'NO DATA: skipped, opted out'],
])('a volume %j has no data', (info, detail) => {
  const infos = VolumeInfos.parse([{ pvcName: 'data', pvcNamespace: 'shop', ...info }]);
  expect(describeVolume(infos, 'shop', 'data')).toEqual({ ok: false, detail });
});
