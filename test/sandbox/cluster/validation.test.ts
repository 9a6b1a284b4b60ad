import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type Bench,
  CONFIG_MAPS,
  configMap,
  DEPLOYMENTS,
  deployment,
  RESTORES,
  restore,
  startBench,
} from './api-client.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.close());

function post(path: string, body: unknown, type?: string) {
  return bench.call('POST', path, { body, ...(type === undefined ? {} : { type }) });
}

test.each(['Upper', 'under_score', '-dash', 'dot.', 'a'.repeat(254)])('name %s is invalid', async (name) => {
  const answer = await post(CONFIG_MAPS, configMap(name));
  expect(answer).toMatchObject({
    status: 422,
    body: {
      reason: 'Invalid',
      details: { name, kind: 'ConfigMap', causes: [{ reason: 'FieldValueInvalid', field: 'metadata.name' }] },
    },
  });
});

test('a namespace is a label, a service begins with a letter, anything else is a subdomain', async () => {
  expect((await post('/api/v1/namespaces', { metadata: { name: 'a.b' } })).status).toBe(422);
  const service = { metadata: { name: '1a' }, spec: { ports: [{ port: 80 }] } };
  expect((await post('/api/v1/namespaces/shop/services', service)).body.message).toContain('DNS-1035');
  expect((await post(CONFIG_MAPS, configMap('1.a'))).status).toBe(201);
  expect((await post(CONFIG_MAPS, { ...configMap(''), metadata: {} })).body.message).toContain(
    'name or generateName is required',
  );
});

test('labels and annotations', async () => {
  const labelled = (labels: unknown) => post(CONFIG_MAPS, { ...configMap('l'), metadata: { name: 'l', labels } });
  expect((await labelled({ a: 'not ok' })).body.details.causes[0].field).toBe('metadata.labels');
  expect((await labelled({ 'a b': 'x' })).status).toBe(422);
  expect((await labelled({ a: 'x'.repeat(64) })).status).toBe(422);
  expect((await labelled({ a: 1 })).status).toBe(400);
  expect((await labelled('text')).status).toBe(400);
});

test('what is not an object of this kind in this place', async () => {
  expect((await post(CONFIG_MAPS, '{"metadata":')).body.message).toContain('json parse error');
  expect((await post(CONFIG_MAPS, '[]')).status).toBe(400);
  expect((await post(CONFIG_MAPS, 'x', 'text/plain')).status).toBe(415);
  expect((await post(CONFIG_MAPS, configMap('a'), 'application/vnd.kubernetes.protobuf')).status).toBe(415);
  expect((await post(CONFIG_MAPS, { ...configMap('a'), apiVersion: 'v2' })).status).toBe(400);
  expect((await post(CONFIG_MAPS, { ...configMap('a'), kind: 'Secret' })).status).toBe(400);
  const elsewhere = { ...configMap('a'), metadata: { name: 'a', namespace: 'velero' } };
  expect((await post(CONFIG_MAPS, elsewhere)).body.message).toContain('does not match the namespace');
  await post(CONFIG_MAPS, configMap('renamed'));
  const renamed = await bench.call('PUT', `${CONFIG_MAPS}/renamed`, { body: configMap('other') });
  expect(renamed).toMatchObject({ status: 400, body: { reason: 'BadRequest' } });
  const backup = { apiVersion: 'velero.io/v1', kind: 'Backup', metadata: { name: 'b' } };
  expect((await post(RESTORES, backup)).body.message).toContain('kind: Invalid value: "Backup": must be Restore');
  expect((await post(RESTORES, { metadata: { name: 'bare' }, spec: {} })).status).toBe(400);
  expect((await post(CONFIG_MAPS, 'kind: ConfigMap\nmetadata: {name: yaml}\n', 'application/yaml')).status).toBe(201);
});

test('a deployment: types, required fields, a selector that matches and stays', async () => {
  const wrong = (change: (spec: Record<string, unknown>) => void) => {
    const body = deployment('wrong');
    change(body.spec);
    return post(DEPLOYMENTS, body);
  };
  expect(await wrong((spec) => Object.assign(spec, { replicas: 'three' }))).toMatchObject({ status: 400 });
  expect((await wrong((spec) => delete spec['selector'])).body.details.causes[0]).toEqual({
    reason: 'FieldValueRequired',
    message: 'Required value',
    field: 'spec.selector',
  });
  expect((await wrong((spec) => Object.assign(spec, { replicas: -1 }))).status).toBe(422);
  expect((await wrong((spec) => Object.assign(spec, { selector: { matchLabels: { x: 'y' } } }))).status).toBe(422);
  expect((await wrong((spec) => Object.assign(spec, { template: { spec: { containers: [] } } }))).status).toBe(422);

  await post(DEPLOYMENTS, deployment('fixed'));
  const type = 'application/merge-patch+json';
  const body = { spec: { selector: { matchLabels: { y: 'z' } }, template: { metadata: { labels: { y: 'z' } } } } };
  const moved = await bench.call('PATCH', `${DEPLOYMENTS}/fixed`, { type, body });
  expect(moved.body.message).toContain('field is immutable');
  const mistyped = await bench.call('PATCH', `${DEPLOYMENTS}/fixed`, { type, body: { spec: { replicas: 'x' } } });
  expect(mistyped.status).toBe(422);
});

test('a stateful set keeps most of its spec', async () => {
  const path = '/apis/apps/v1/namespaces/shop/statefulsets';
  const { spec, metadata } = deployment('db');
  const created = await post(path, {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata,
    spec: { ...spec, serviceName: 'db' },
  });
  const put = (change: object) =>
    bench.call('PUT', `${path}/db`, { body: { ...created.body, spec: { ...created.body.spec, ...change } } });
  expect((await put({ serviceName: 'other' })).body.details.causes[0].reason).toBe('FieldValueForbidden');
  expect((await put({ replicas: 2 })).status).toBe(200);
});

test('a service needs ports, and names where there are several', async () => {
  const path = '/api/v1/namespaces/shop/services';
  const ports = (list: object[]) => post(path, { metadata: { name: 'web' }, spec: { ports: list } });
  expect((await ports([])).status).toBe(422);
  expect((await ports([{ port: 70_000 }])).status).toBe(422);
  expect((await ports([{ port: 80 }, { port: 81 }])).body.details.causes).toHaveLength(2);
  const made = await ports([{ port: 80 }]);
  expect(made.body.spec.clusterIP).toMatch(/^10\.96\./);
});

test('a restore: schema types, phases, unknown fields', async () => {
  expect((await post(RESTORES, restore('t', { includedNamespaces: 'shop' }))).body.details.causes[0]).toMatchObject({
    reason: 'FieldValueTypeInvalid',
    field: 'spec.includedNamespaces',
  });
  const phase = await post(RESTORES, { ...restore('t'), status: { phase: 'Nope' } });
  expect(phase.body.message).toMatch(/^Restore.velero.io "t" is invalid: status.phase: Unsupported value: "Nope"/);

  const typo = restore('typo', { includedNamespace: ['shop'] });
  const strict = await post(`${RESTORES}?fieldValidation=Strict`, typo);
  expect(strict).toMatchObject({ status: 400, body: { reason: 'BadRequest' } });
  expect(strict.body.message).toContain('strict decoding error: unknown field "spec.includedNamespace"');
  const lax = await post(RESTORES, typo);
  expect(lax.status).toBe(201);
  expect(lax.body.spec).toEqual({ backupName: 'nightly' });
  expect(lax.headers['warning']).toBe('299 - "unknown field \\"spec.includedNamespace\\""');
  expect((await post(`${RESTORES}?fieldValidation=Maybe`, restore('u'))).status).toBe(400);
  const unversioned = await bench.call('PUT', `${RESTORES}/typo`, { body: restore('typo') });
  expect(unversioned.body.message).toContain('metadata.resourceVersion');
});

test.each([
  ['backups', 'Backup', { spec: { includedNamespaces: ['shop'], ttl: '72h0m0s' } }, { spec: { ttl: 72 } }],
  ['schedules', 'Schedule', { spec: { schedule: '0 1 * * *', template: {} } }, { spec: { schedule: '0 1 * * *' } }],
  [
    'backupstoragelocations',
    'BackupStorageLocation',
    { spec: { provider: 'aws', objectStorage: { bucket: 'b' }, accessMode: 'ReadOnly' } },
    { spec: { provider: 'aws', objectStorage: { bucket: 'b' }, accessMode: 'ReadSometimes' } },
  ],
  [
    'downloadrequests',
    'DownloadRequest',
    { spec: { target: { kind: 'RestoreLog', name: 'r' } } },
    { spec: { target: { kind: 'Weather', name: 'r' } } },
  ],
  ['serverstatusrequests', 'ServerStatusRequest', { spec: {} }, { spec: 'now' }],
])('velero %s: one that is taken and one that is not', async (plural, kind, good, bad) => {
  const path = `/apis/velero.io/v1/namespaces/velero/${plural}`;
  const head = { apiVersion: 'velero.io/v1', kind, metadata: { name: 'v' } };
  expect((await post(path, { ...head, ...good })).status).toBe(201);
  expect(await post(path, { ...head, ...bad, metadata: { name: 'w' } })).toMatchObject({
    status: 422,
    body: { reason: 'Invalid' },
  });
});
