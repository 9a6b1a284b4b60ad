import { expect, test } from 'vitest';
import { judgeLocation } from '../../src/domain/judge-location.ts';

const NOW = Date.UTC(2026, 0, 31, 3, 0, 0);
const metadata = { name: 'default', uid: 'u', resourceVersion: '1', creationTimestamp: '2026-01-01T00:00:00Z' };

interface Case {
  phase?: string;
  /** Seconds. */
  age?: number;
  accessMode?: string;
  validationFrequency?: string;
  message?: string;
}

test.each<[Case, string]>([
  [{ phase: 'Available', age: 40 }, 'pass: Available, validated 40 s ago, ReadWrite'],
  [
    { phase: 'Available', age: 40, accessMode: 'ReadOnly' },
    'pass: Available, validated 40 s ago, ReadOnly: fine for restoring, no backup is written to it',
  ],
  [{ phase: 'Available', age: 180 }, 'pass: Available, validated 3 min ago, ReadWrite'],
  [{ phase: 'Available', age: 250 }, 'unchecked: Available, but not validated for 4 min: is Velero alive?'],
  [
    { phase: 'Available', age: 1_500, validationFrequency: '10m0s' },
    'pass: Available, validated 25 min ago, ReadWrite',
  ],
  [{ phase: 'Available' }, 'unchecked: Available, but never validated: is Velero alive?'],
  [{ phase: 'Unavailable', age: 5, message: 'no such bucket' }, 'fail: Unavailable: no such bucket'],
  [{ phase: 'Unavailable', age: 5 }, 'fail: Unavailable: Velero gives no reason'],
  [{}, 'fail: Unavailable: Velero gives no reason'],
])('%j is %s', ({ phase, age, message, ...spec }, expected) => {
  const lastValidationTime = age === undefined ? undefined : new Date(NOW - age * 1_000).toISOString();
  const check = judgeLocation({ metadata, spec, status: { phase, lastValidationTime, message } }, NOW);
  expect(check.name).toBe('storage default');
  expect(`${check.verdict}: ${check.detail}`).toBe(expected);
});
