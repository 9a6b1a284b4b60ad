import { expect, test } from 'vitest';
import { describeEstimate, formatBytes, observeRate, sumVolumeBytes } from '../../src/domain/restore-rate.ts';
import type { PodVolumeRestore } from '../../src/domain/velero.ts';

const MIB = 1_048_576;

function restored(seconds: number, bytesDone: number, phase = 'Completed'): PodVolumeRestore {
  const completionTimestamp = new Date(Date.UTC(2026, 0, 1) + seconds * 1_000).toISOString();
  return {
    metadata: { name: 'v', uid: 'u', creationTimestamp: '2026-01-01T00:00:00Z', resourceVersion: '1' },
    status: { phase, startTimestamp: '2026-01-01T00:00:00Z', completionTimestamp, progress: { bytesDone } },
  };
}

test('the rate is all bytes by all time, of volumes that were completed and took a second or more', () => {
  const seen = [restored(10, 100 * MIB), restored(30, 100 * MIB), restored(1, 900 * MIB, 'Failed'), restored(0, MIB)];
  expect(observeRate(seen)).toEqual({ bytesPerSecond: 5 * MIB, count: 2 });
  expect(observeRate([restored(0, MIB)])).toBeUndefined();
  expect(observeRate([])).toBeUndefined();
});

test('sizes come from either way of moving data; one that is not told makes the sum unknown', () => {
  const infos = [
    { pvcNamespace: 'shop', pvbInfo: { size: 3 } },
    { pvcNamespace: 'shop', snapshotDataMovementInfo: { size: 4 } },
    { pvcNamespace: 'other', pvbInfo: {} },
  ];
  expect(sumVolumeBytes(infos, 'shop')).toBe(7);
  expect(sumVolumeBytes(infos, 'other')).toBeUndefined();
  expect(sumVolumeBytes(infos, 'nowhere')).toBe(0);
});

test.each([
  [
    600 * MIB,
    { bytesPerSecond: 5 * MIB, count: 2 },
    /^About 2 min for 600 MiB of volume data.* 5 MiB\/s of the last 2/,
  ],
  [600 * MIB, undefined, /^How long 600 MiB of volume data take is unknown: no earlier restore/],
  [undefined, { bytesPerSecond: 5 * MIB, count: 2 }, /is unknown: the backup does not say how large/],
  [0, undefined, /^No volume data has to be written\.$/],
])('%s bytes at %j', (bytes, rate, sentence) => {
  expect(describeEstimate(bytes, rate)).toMatch(sentence);
});

test('bytes for people', () => {
  expect([formatBytes(512 * MIB), formatBytes(1_536 * MIB), formatBytes(200 * 1_024 * MIB)]).toEqual([
    '512 MiB',
    '1.5 GiB',
    '200 GiB',
  ]);
});
