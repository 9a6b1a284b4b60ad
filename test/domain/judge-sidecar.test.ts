import { describe, expect, test } from 'vitest';
import { judgeSidecars } from '../../src/domain/judge-sidecar.ts';
import { Namespace, Pod } from '../../src/domain/kinds.ts';

type Marks = { labels?: Record<string, string>; annotations?: Record<string, string> };

function metadata(name: string, marks: Marks) {
  return { name, uid: `uid-${name}`, resourceVersion: '1', creationTimestamp: '2026-01-31T03:04:00Z', ...marks };
}

function namespace(marks: Marks = {}): Namespace {
  return Namespace.schema.parse({ metadata: metadata('shop', marks) });
}

interface PodOptions extends Marks {
  containers?: string[];
  native?: string[];
  init?: string[];
  owner?: string;
  ready?: boolean;
  gone?: boolean;
  hostNetwork?: boolean;
}

function pod(name: string, options: PodOptions = {}): Pod {
  const { containers = ['main'], native = [], init = [], owner = 'ReplicaSet', ready = true, gone } = options;
  const { labels, annotations, hostNetwork } = options;
  const initContainers = [
    ...init.map((it) => ({ name: it })),
    ...native.map((it) => ({ name: it, restartPolicy: 'Always' })),
  ];
  return Pod.schema.parse({
    metadata: {
      ...metadata(name, { ...(labels ? { labels } : {}), ...(annotations ? { annotations } : {}) }),
      ownerReferences: [{ kind: owner, name: 'web', uid: 'u' }],
      ...(gone ? { deletionTimestamp: '2026-01-31T03:05:00Z' } : {}),
    },
    spec: {
      containers: containers.map((it) => ({ name: it })),
      initContainers,
      ...(hostNetwork ? { hostNetwork } : {}),
    },
    status: { conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
  });
}

const LINKERD = { annotations: { 'linkerd.io/inject': 'enabled' } };
const ISTIO = { labels: { 'istio-injection': 'enabled' } };
const meshed = pod('a', { containers: ['main', 'linkerd-proxy'] });

describe('where nobody asks, there is no check', () => {
  test.each<[string, Namespace | undefined, Pod[]]>([
    ['no namespace, no pods', undefined, []],
    ['a plain namespace', namespace(), [pod('a')]],
    ['a namespace that opts out', namespace({ annotations: { 'linkerd.io/inject': 'disabled' } }), [pod('a')]],
    ['the only pod opts out', namespace(LINKERD), [pod('a', { annotations: { 'linkerd.io/inject': 'disabled' } })]],
    [
      'the only pod opts out of Istio',
      namespace(ISTIO),
      [pod('a', { labels: { 'sidecar.istio.io/inject': 'false' } })],
    ],
  ])('%s', (_what, where, pods) => {
    expect(judgeSidecars(where, pods)).toEqual([]);
  });
});

describe('every Ready pod of a workload carries what is asked for', () => {
  test.each<[string, Namespace, Pod[], string]>([
    ['as a container', namespace(LINKERD), [meshed], 'sidecar linkerd-proxy'],
    ['by a label', namespace({ labels: { 'linkerd.io/inject': 'enabled' } }), [meshed], 'sidecar linkerd-proxy'],
    ['as a native sidecar', namespace(LINKERD), [pod('a', { native: ['linkerd-proxy'] })], 'sidecar linkerd-proxy'],
    ['Istio', namespace(ISTIO), [pod('a', { containers: ['main', 'istio-proxy'] })], 'sidecar istio-proxy'],
    [
      'the template alone asks',
      namespace(),
      [pod('a', { ...LINKERD, native: ['linkerd-proxy'] })],
      'sidecar linkerd-proxy',
    ],
    [
      'what is not Ready, ending, on the host network, or no workload does not count',
      namespace(LINKERD),
      [
        meshed,
        pod('b', { ready: false }),
        pod('c', { gone: true }),
        pod('d', { hostNetwork: true }),
        pod('e', { owner: 'Job' }),
      ],
      'sidecar linkerd-proxy',
    ],
  ])('%s', (_what, where, pods, name) => {
    expect(judgeSidecars(where, pods)).toEqual([{ name, verdict: 'pass', detail: 'in each of 1 Ready pods' }]);
  });
});

describe('a Ready pod without it fails', () => {
  const without = 'run without the linkerd-proxy their namespace asks for: restart them once the injector runs';
  test.each<[string, Namespace, Pod[], string]>([
    [
      'one of two',
      namespace(LINKERD),
      [meshed, pod('b')],
      'pod b runs without the linkerd-proxy its namespace asks for: restart it once the injector runs',
    ],
    [
      'asked for by its template',
      namespace(),
      [pod('b', { annotations: { 'sidecar.istio.io/inject': 'true' } }), pod('c')],
      'pod b runs without the istio-proxy its template asks for: restart it once the injector runs',
    ],
    [
      'an init container that ends is no sidecar',
      namespace(ISTIO),
      [pod('b', { init: ['istio-proxy'] })],
      'pod b runs without the istio-proxy its namespace asks for: restart it once the injector runs',
    ],
    [
      'many are counted',
      namespace(LINKERD),
      ['a', 'b', 'c', 'd', 'e'].map((it) => pod(it)),
      `pods a, b, c and 2 more ${without}`,
    ],
  ])('%s', (_what, where, pods, detail) => {
    expect(judgeSidecars(where, pods)).toMatchObject([{ verdict: 'fail', detail }]);
  });
});

describe('what cannot be judged is unchecked', () => {
  test.each<[string, Namespace, Pod[], string]>([
    ['an unknown word', namespace({ annotations: { 'linkerd.io/inject': 'maybe' } }), [pod('a')], 'cannot be told'],
    [
      'a label, which Linkerd does not read',
      namespace({ labels: { 'linkerd.io/inject': 'enabled' } }),
      [pod('a')],
      'cannot be told',
    ],
    ['a revision of Istio', namespace({ labels: { 'istio.io/rev': 'canary' } }), [pod('a')], 'cannot be told'],
    ['no Ready pod', namespace(LINKERD), [pod('a', { ready: false })], 'no pod of a workload is Ready'],
  ])('%s', (_what, where, pods, detail) => {
    expect(judgeSidecars(where, pods)).toMatchObject([
      { verdict: 'unchecked', detail: expect.stringContaining(detail) },
    ]);
  });

  test('unless the pods carry it all the same', () => {
    const carrying = pod('a', { containers: ['istio-proxy'] });
    expect(judgeSidecars(namespace({ labels: { 'istio.io/rev': 'canary' } }), [carrying])).toMatchObject([
      { verdict: 'pass' },
    ]);
  });
});
