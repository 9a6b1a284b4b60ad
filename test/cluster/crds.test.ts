import { describe, expect, test } from 'vitest';
import { announceSkip } from '../announce-skip.ts';
import {
  type Crd,
  createValidator,
  loadCrds,
  stripEmptyDefaults,
  tinyVeleroCrds,
  validateAgainstCrds,
} from './crds.ts';

const restore = (fields: object) => ({
  apiVersion: 'velero.io/v1',
  kind: 'Restore',
  metadata: { name: 'dr-1', namespace: 'velero', labels: { any: 'label' } },
  ...fields,
});

describe('createValidator', () => {
  const [tiny] = tinyVeleroCrds();
  const spec = {
    type: 'object',
    required: ['backupName'],
    properties: {
      backupName: { type: 'string' },
      phase: { type: 'string', enum: ['New', 'Completed'] },
      mapping: { type: 'object', additionalProperties: { type: 'string' } },
      hooks: { type: 'array', items: { type: 'object', properties: { name: { type: 'string' } } } },
      free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    },
  };
  const openAPIV3Schema = {
    type: 'object',
    properties: { apiVersion: {}, kind: {}, metadata: { type: 'object' }, spec },
  };
  const crd = { ...tiny, spec: { ...tiny?.spec, versions: [{ name: 'v1', schema: { openAPIV3Schema } }] } } as Crd;
  const check = createValidator([crd]);

  test('passes what fits, open maps and free fields included', () => {
    const fits = { backupName: 'b', mapping: { a: 'b' }, hooks: [{ name: 'h' }], free: { x: [{ y: 1 }] } };
    expect(check(restore({ spec: fits }))).toEqual([]);
  });

  test('reports what an API server refuses', () => {
    expect(check(restore({ spec: { backupName: 1, phase: 'Nope' } }))).toEqual([
      '/spec/backupName must be string',
      '/spec/phase must be equal to one of the allowed values',
    ]);
    expect(check(restore({ spec: {} }))).toEqual([expect.stringContaining('backupName')]);
  });

  test('reports what an API server drops in silence', () => {
    expect(check(restore({ spec: { backupName: 'b', backupname: 'c', hooks: [{ nam: 'h' }] }, stat: {} }))).toEqual([
      '/spec/backupname is no field of this kind',
      '/spec/hooks/0/nam is no field of this kind',
      '/stat is no field of this kind',
    ]);
  });

  test('reports a kind or version that no CRD defines', () => {
    expect(check({ ...restore({}), kind: 'Restroe' })).toEqual(['no CRD defines Restroe in velero.io/v1']);
    expect(check({ ...restore({}), apiVersion: 'velero.io/v2' })).toHaveLength(1);
  });
});

test('stripEmptyDefaults drops empty defaults only', () => {
  const before = { a: { default: '' }, b: [{ default: 'x' }], c: '' };
  expect(stripEmptyDefaults(before)).toEqual({ a: {}, b: [{ default: 'x' }], c: '' });
});

test('a folder without CRDs of Velero fails', () => {
  expect(() => loadCrds('/nonexistent-folder')).toThrow('ENOENT');
  expect(() => loadCrds(import.meta.dirname)).toThrow('holds no velero.io CRD');
});

const crds = loadCrds();
if (!crds) announceSkip('validateAgainstCrds on the CRDs of Velero', 'VELERO_CRDS_DATA is unset');

describe.skipIf(!crds)('validateAgainstCrds, on the CRDs of Velero', () => {
  test('passes a Restore as Muster writes it', () => {
    const spec = { backupName: 'daily', includedNamespaces: ['a'], existingResourcePolicy: 'none' };
    expect(validateAgainstCrds(restore({ spec }))).toEqual([]);
  });

  test('reports a typo and a phase that does not exist', () => {
    const object = restore({ spec: { includedNamespace: ['a'] }, status: { phase: 'Nope' } });
    expect(validateAgainstCrds(object)).toEqual([
      '/status/phase must be equal to one of the allowed values',
      '/spec/includedNamespace is no field of this kind',
    ]);
  });
});
