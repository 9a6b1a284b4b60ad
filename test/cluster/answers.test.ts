import { beforeEach, describe, expect, test } from 'vitest';
import { Namespace } from '../../src/domain/kinds.ts';
import { Restore } from '../../src/domain/velero.ts';
import type { Cluster } from '../../src/ports.ts';
import { patient } from './contract-kinds.ts';
import { metadata, read, send, useFaultServer } from './fault-bench.ts';

const bench = useFaultServer();

const status = (code: number, reason: string, message: string, details = {}) => ({
  kind: 'Status',
  code,
  reason,
  message,
  details,
});

describe('answers', () => {
  let cluster: Cluster;
  beforeEach(async () => {
    cluster = await bench.clusterAt(bench.url());
  });

  test.for([
    [429, 'CLUSTER_UNREACHABLE', 'Too many requests', true],
    [500, 'CLUSTER_UNREACHABLE', status(500, 'InternalError', 'etcd is away'), true],
    [503, 'CLUSTER_UNREACHABLE', '<html>nginx</html>', true],
    [401, 'CLUSTER_FORBIDDEN', status(401, 'Unauthorized', 'Unauthorized'), false],
    [403, 'CLUSTER_FORBIDDEN', status(403, 'Forbidden', 'User "x" cannot get resource'), false],
    [404, 'CLUSTER_NOT_SERVED', '404 page not found\n', false],
    [404, 'CLUSTER_NOT_SERVED', status(404, 'NotFound', 'could not find the requested resource'), false],
    [404, 'CLUSTER_UNREADABLE', '<html>nginx</html>', false],
    [302, 'CLUSTER_UNREADABLE', '', false],
    [200, 'CLUSTER_UNREADABLE', '<html>log in</html>', false],
    [200, 'CLUSTER_UNREADABLE', '{"metadata":', false],
    [200, 'CLUSTER_UNREADABLE', { metadata: { ...metadata, name: 'another' } }, false],
    [200, 'CLUSTER_UNREADABLE', { metadata: { ...metadata, uid: undefined } }, false],
  ] as const)('%i is %s: %j', async ([code, expected, body, retryable]) => {
    bench.answer((_, response) => send(response, code, body, { 'retry-after': '3', location: 'https://127.0.0.1:1/' }));
    expect(await read(cluster)).toMatchObject({
      code: expected,
      retryable,
      message: expect.stringContaining('contract'),
    });
  });

  test('only a Status that names the object makes it absent', async () => {
    bench.answer((_, response) =>
      send(response, 404, status(404, 'NotFound', 'not found', { name: 'a', kind: 'namespaces' })),
    );
    expect(await read(cluster)).toBeUndefined();
    expect(await read(cluster, 'other')).toMatchObject({ code: 'CLUSTER_INVALID' });
  });

  test('a 403 that RBAC does not cause advises no RBAC', async () => {
    bench.answer((_, response) => send(response, 403, status(403, 'Forbidden', 'the namespace is being terminated')));
    expect(await read(cluster)).toMatchObject({
      code: 'CLUSTER_FORBIDDEN',
      action: expect.not.stringContaining('RBAC'),
    });
  });

  test('a probe gives the service’s 403 and redirects, and follows none', async () => {
    const probe = () => cluster.probe({ namespace: 'b', service: 'web', port: 8080, path: '/x y/../z?q=1' }, patient());
    let path: string | undefined;
    bench.answer((request, response) => {
      path = request.url;
      send(response, 403, 'log in first');
    });
    expect(await probe()).toEqual({ status: 403, body: 'log in first' });
    expect(path).toBe('/api/v1/namespaces/b/services/http:web:8080/proxy/z?q=1');
    bench.answer((_, response) => send(response, 302, 'x'.repeat(9_000), { location: 'https://127.0.0.1:1/' }));
    expect(await probe()).toEqual({ status: 302, body: 'x'.repeat(4_096) });
  });

  test.for([
    [403, 'Forbidden', 'CLUSTER_FORBIDDEN', false],
    [429, 'TooManyRequests', 'CLUSTER_UNREACHABLE', true],
    [500, 'InternalError', 'CLUSTER_UNREACHABLE', true],
    [504, 'Timeout', 'CLUSTER_UNREACHABLE', true],
  ] as const)(
    'a probe: %i of the API server itself is no answer of the service',
    async ([code, reason, expected, retryable]) => {
      const probe = () => cluster.probe({ namespace: 'b', service: 'web', port: 8080, path: '/' }, patient());
      bench.answer((_, response) => send(response, code, status(code, reason, 'busy')));
      await expect(probe()).rejects.toMatchObject({ code: expected, retryable });
      bench.answer((_, response) => send(response, code, 'the service is busy'));
      expect(await probe()).toEqual({ status: code, body: 'the service is busy' });
    },
  );

  test('create and remove ask for strict fields, our field manager, and exactly this uid', async () => {
    const requests: string[] = [];
    bench.answer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      requests.push(`${request.method} ${request.url} ${body}`);
      send(response, 200, { metadata });
    });
    await cluster
      .create(Restore, { metadata: { name: 'a', namespace: 'b' }, spec: { backupName: 'x' } }, patient())
      .catch(() => {});
    await cluster.remove(Restore, { name: 'a', namespace: 'b', uid: 'u' }, patient());
    expect(requests[0]).toContain(
      'POST /apis/velero.io/v1/namespaces/b/restores?fieldManager=muster&fieldValidation=Strict',
    );
    expect(requests[0]).toContain('"apiVersion":"velero.io/v1","kind":"Restore"');
    expect(requests[1]).toContain('DELETE /apis/velero.io/v1/namespaces/b/restores/a ');
    expect(requests[1]).toContain('"preconditions":{"uid":"u"},"propagationPolicy":"Background"');
  });
});

describe('lists', () => {
  const page = (name: string, next: string) => ({
    metadata: { continue: next },
    items: [{ metadata: { ...metadata, name } }],
  });
  const gone = status(410, 'Expired', 'The provided continue parameter is too old');

  test('a list that expires between pages begins again, once', async () => {
    const cluster = await bench.clusterAt(bench.url());
    const answers = [page('old', 't1'), gone, page('new', 't2'), page('last', '')];
    bench.answer((_, response) => {
      const body = answers.shift();
      send(response, body === gone ? 410 : 200, body);
    });
    const found = await cluster.list(Namespace, {}, patient());
    expect(found.map((object) => object.metadata.name)).toEqual(['new', 'last']);
    bench.answer((request, response) =>
      request.url?.includes('continue') ? send(response, 410, gone) : send(response, 200, page('old', 't')),
    );
    await expect(cluster.list(Namespace, {}, patient())).rejects.toMatchObject({
      code: 'CLUSTER_UNREACHABLE',
      retryable: true,
    });
  });

  test('null items are an empty list; no list at all is unreadable', async () => {
    const cluster = await bench.clusterAt(bench.url());
    bench.answer((_, response) => send(response, 200, { metadata: {}, items: null }));
    expect(await cluster.list(Namespace, {}, patient())).toEqual([]);
    bench.answer((_, response) => send(response, 200, { items: {} }));
    await expect(cluster.list(Namespace, {}, patient())).rejects.toMatchObject({ code: 'CLUSTER_UNREADABLE' });
  });
});
