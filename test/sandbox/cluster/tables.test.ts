import { request as httpsRequest } from 'node:https';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { resourceOf } from '../../../sandbox/cluster/resources.ts';
import { toTable, wantsTable } from '../../../sandbox/cluster/table-format.ts';
import { type Bench, startBench } from './api-client.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.close());

const ACCEPT =
  'application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json';

function asked(key: string) {
  return { resource: resourceOf(key), headers: { accept: ACCEPT }, query: new URLSearchParams() };
}

test('only those who ask for rows get them', () => {
  expect(wantsTable(asked('pods'))).toBe(true);
  expect(wantsTable({ ...asked('pods'), headers: { accept: 'application/json' } })).toBe(false);
  expect(wantsTable({ ...asked('pods'), headers: {} })).toBe(false);
});

test('a pod row says what ails the pod', () => {
  const containerStatuses = [{ ready: false, restartCount: 3, state: { waiting: { reason: 'ImagePullBackOff' } } }];
  const pod = bench.store.create('pods', {
    metadata: { name: 'p', namespace: 'shop' },
    spec: { containers: [{ name: 'c' }], nodeName: 'n1' },
    status: { phase: 'Pending', containerStatuses },
  });
  expect(toTable(asked('pods'), [pod], {})).toMatchObject({
    kind: 'Table',
    columnDefinitions: [
      { name: 'Name', format: 'name' },
      { name: 'Ready' },
      { name: 'Status' },
      {},
      {},
      { name: 'IP', priority: 1 },
      {},
    ],
    rows: [
      {
        cells: ['p', '0/1', 'ImagePullBackOff', 3, expect.stringMatching(/^\ds$/), '<none>', 'n1'],
        object: { kind: 'PartialObjectMetadata', metadata: { name: 'p' } },
      },
    ],
  });
});

test('every resource has a row, also with nothing in it but metadata', async () => {
  const { body } = await bench.call('GET', '/api/v1/namespaces/shop');
  for (const key of [
    'services',
    'events',
    'persistentvolumeclaims',
    'daemonsets.apps',
    'schedules.velero.io',
    'restores.velero.io',
  ]) {
    const table = toTable(asked(key), [{ ...body, spec: undefined, status: undefined }], {}) as {
      rows: { cells: unknown[] }[];
    };
    expect(table.rows[0]?.cells[0]).toBe('shop');
    expect(table.rows[0]?.cells).not.toContain(undefined);
  }
});

test('a list over the wire', async () => {
  const headers = { authorization: `Bearer ${bench.api.token}`, accept: ACCEPT };
  const text = await new Promise<string>((resolve, reject) => {
    const options = { ca: bench.api.caPem, headers, agent: false, signal: AbortSignal.timeout(5000) } as const;
    const sent = httpsRequest(`${bench.api.url}/api/v1/namespaces`, options, async (response) => {
      let body = '';
      for await (const chunk of response) body += String(chunk);
      resolve(body);
    });
    sent.on('error', reject);
    sent.end();
  });
  expect(JSON.parse(text).rows.map((row: { cells: unknown[] }) => row.cells.slice(0, 2))).toEqual([
    ['shop', 'Active'],
    ['velero', 'Active'],
  ]);
});
