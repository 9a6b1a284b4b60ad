import { describe, expect, test } from 'vitest';
import { Namespace } from '../../src/domain/kinds.ts';
import { Restore } from '../../src/domain/velero.ts';
import type { Bench } from './contract.ts';
import { ConfigMap, configMap, patient } from './contract-kinds.ts';

const restore = (name: string, namespace: string, spec: Record<string, unknown> = {}) => ({
  metadata: { name, namespace, labels: { 'muster.dev/run': 'r-1' }, annotations: { 'muster.dev/digest': 'abc' } },
  spec: { backupName: 'daily', includedNamespaces: ['data-processing'], ...spec },
});

export function testWriting(bench: () => Bench): void {
  describe('create', () => testCreate(bench));
  describe('remove', () => testRemove(bench));
}

function testCreate(bench: () => Bench): void {
  test('gives the object as the API keeps it, and read gives the same', async () => {
    const { cluster, namespace } = bench();
    const manifest = restore('dr-1', namespace);
    const created = await cluster.create(Restore, manifest, patient());
    expect(created).toMatchObject({ ...manifest, kind: 'Restore', apiVersion: 'velero.io/v1' });
    expect(created.metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
    expect(await cluster.read(Restore, { namespace, name: 'dr-1' }, patient())).toEqual(created);
  });

  test('a name that is taken is ALREADY_EXISTS, and the object stays as it was', async () => {
    const { cluster, namespace } = bench();
    const first = await cluster.create(Restore, restore('dr-2', namespace), patient());
    const again = cluster.create(Restore, restore('dr-2', namespace, { backupName: 'other' }), patient());
    await expect(again).rejects.toMatchObject({ code: 'CLUSTER_ALREADY_EXISTS', retryable: false });
    expect(await cluster.read(Restore, { namespace, name: 'dr-2' }, patient())).toEqual(first);
  });

  test('a name that Kubernetes does not allow is INVALID', async () => {
    const { cluster, namespace } = bench();
    const creating = cluster.create(Restore, restore('Not_A_Name', namespace), patient());
    await expect(creating).rejects.toMatchObject({ code: 'CLUSTER_INVALID', retryable: false });
  });

  test('a namespace that is not there is INVALID, and the message names it', async () => {
    const creating = bench().cluster.create(ConfigMap, configMap('x', 'not-there'), patient());
    await expect(creating).rejects.toMatchObject({
      code: 'CLUSTER_INVALID',
      message: expect.stringContaining('not-there'),
    });
  });

  test('a misspelt field is refused, or dropped where the server cannot refuse it', async () => {
    const { cluster, namespace, server } = bench();
    const creating = cluster.create(Restore, restore('dr-typo', namespace, { includedNamespace: ['x'] }), patient());
    if (server.lacks.includes('fieldValidation=Strict')) {
      expect((await creating).metadata.name).toBe('dr-typo');
    } else {
      await expect(creating).rejects.toMatchObject({
        code: 'CLUSTER_INVALID',
        message: expect.stringContaining('includedNamespace'),
      });
    }
  });

  test('a value of the wrong type is INVALID, and the message names the field', async () => {
    const { cluster, namespace, server } = bench();
    const creating = cluster.create(Restore, restore('dr-type', namespace, { includedNamespaces: 'x' }), patient());
    if (server.lacks.includes('validation by the CRDs of Velero')) {
      await expect(creating).rejects.toMatchObject({ code: 'CLUSTER_UNREADABLE' });
    } else {
      await expect(creating).rejects.toMatchObject({
        code: 'CLUSTER_INVALID',
        message: expect.stringContaining('spec.includedNamespaces'),
      });
    }
  });

  test('a namespace that is being terminated takes nothing new, and that is no matter of RBAC', async () => {
    const { cluster, namespace } = bench();
    const name = `${namespace}-ending`;
    const { uid } = (await cluster.create(Namespace, { metadata: { name } }, patient())).metadata;
    await cluster.create(ConfigMap, configMap('first', name), patient());
    await cluster.remove(Namespace, { name, uid }, patient());
    const ending = await cluster.read(Namespace, { name }, patient());
    expect(ending).toMatchObject({
      metadata: { deletionTimestamp: expect.any(String) },
      status: { phase: 'Terminating' },
    });
    await expect(cluster.create(ConfigMap, configMap('second', name), patient())).rejects.toMatchObject({
      code: 'CLUSTER_FORBIDDEN',
      message: expect.stringContaining('being terminated'),
      action: expect.not.stringContaining('RBAC'),
    });
  });
}

function testRemove(bench: () => Bench): void {
  test('spares an object of another uid', async () => {
    const { cluster, namespace } = bench();
    const kept = await cluster.create(Restore, restore('dr-kept', namespace), patient());
    const uid = '00000000-0000-4000-8000-000000000000';
    const removing = cluster.remove(Restore, { namespace, name: 'dr-kept', uid }, patient());
    await expect(removing).rejects.toMatchObject({ code: 'CLUSTER_CONFLICT' });
    expect(await cluster.read(Restore, { namespace, name: 'dr-kept' }, patient())).toEqual(kept);
  });

  test('removes the object of this uid; once gone, that is no error', async () => {
    const { cluster, namespace } = bench();
    for (const [kind, makeManifest] of [[ConfigMap, configMap] as const, [Restore, restore] as const]) {
      const { uid } = (await cluster.create(kind, makeManifest('doomed', namespace), patient())).metadata;
      const ref = { namespace, name: 'doomed', uid };
      await cluster.remove(kind, ref, patient());
      expect(await cluster.read(kind, ref, patient())).toBeUndefined();
      await expect(cluster.remove(kind, ref, patient())).resolves.toBeUndefined();
    }
  });

  test('an object with a finalizer stays, marked as being deleted; removing it again is no error', async () => {
    const { cluster, admin, namespace } = bench();
    const metadata = { name: 'held', namespace, finalizers: ['muster.dev/hold'] };
    const path = `/api/v1/namespaces/${namespace}/configmaps`;
    await admin.must('POST', path, { apiVersion: 'v1', kind: 'ConfigMap', metadata });
    const { uid } = (await cluster.read(ConfigMap, metadata, patient()))?.metadata ?? { uid: '' };
    await cluster.remove(ConfigMap, { ...metadata, uid }, patient());
    await cluster.remove(ConfigMap, { ...metadata, uid }, patient());
    const held = await cluster.read(ConfigMap, metadata, patient());
    expect(held?.metadata.deletionTimestamp).toMatch(/^\d{4}-\d\d-\d\dT/);
  });
}
