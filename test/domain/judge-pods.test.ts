import { expect, test } from 'vitest';
import { findPodTroubles } from '../../src/domain/judge-pods.ts';
import { Pod } from '../../src/domain/kinds.ts';
import { listLogPlaces } from '../../src/domain/log-places.ts';

const NOW = Date.parse('2026-01-01T12:00:00Z');
const pod = (status: object, spec: object = { containers: [{ name: 'app' }] }, metadata: object = {}): Pod =>
  Pod.schema.parse({
    metadata: { name: 'web-1', uid: 'u', resourceVersion: '1', creationTimestamp: '2026-01-01T00:00:00Z', ...metadata },
    spec,
    status,
  });
const container = (more: object) => ({ name: 'app', ready: true, restartCount: 0, state: { running: {} }, ...more });
const ended = (exitCode: number, minutesAgo: number, reason = 'Error') => ({
  terminated: { exitCode, reason, finishedAt: new Date(NOW - minutesAgo * 60_000).toISOString() },
});
const troubles = (one: Pod) => findPodTroubles([one], NOW).map(({ ill, detail }) => [ill, detail]);

test.each<[string, Pod, [boolean, string][]]>([
  ['runs and is ready', pod({ phase: 'Running', containerStatuses: [container({})] }), []],
  [
    'has done its work',
    pod({ phase: 'Succeeded', containerStatuses: [container({ ready: false, state: ended(0, 5) })] }),
    [],
  ],
  [
    'is just starting',
    pod({
      phase: 'Pending',
      containerStatuses: [container({ ready: false, state: { waiting: { reason: 'ContainerCreating' } } })],
    }),
    [],
  ],
  [
    'crashes again and again',
    pod({
      phase: 'Running',
      containerStatuses: [
        container({
          ready: false,
          restartCount: 4,
          state: { waiting: { reason: 'CrashLoopBackOff' } },
          lastState: ended(137, 2, 'OOMKilled'),
        }),
      ],
    }),
    [[true, 'app: CrashLoopBackOff, restarted 4 times; last exit: OOMKilled (exit code 137), 2 min ago']],
  ],
  [
    'restarted long ago: said, but well',
    pod({ phase: 'Running', containerStatuses: [container({ restartCount: 1, lastState: ended(1, 300) })] }),
    [[false, 'app runs, restarted 1 times; last exit: Error (exit code 1), 5 h ago']],
  ],
  [
    'restarted lately: it may again',
    pod({ phase: 'Running', containerStatuses: [container({ restartCount: 1, lastState: ended(1, 3) })] }),
    [[true, 'app runs, restarted 1 times; last exit: Error (exit code 1), 3 min ago']],
  ],
  [
    'has no node',
    pod({
      phase: 'Pending',
      conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3 nodes' }],
    }),
    [[true, 'not scheduled: Unschedulable, 0/3 nodes']],
  ],
  ['was evicted', pod({ phase: 'Failed', reason: 'Evicted', message: 'disk' }), [[true, 'Failed: Evicted, disk']]],
  [
    'is held by an init container',
    pod({
      phase: 'Pending',
      initContainerStatuses: [
        { name: 'migrate', ready: false, state: { waiting: { reason: 'ImagePullBackOff', message: 'no such image' } } },
      ],
    }),
    [[true, 'migrate: ImagePullBackOff, no such image']],
  ],
])('a pod that %s', (_what, one, expected) => {
  expect(troubles(one)).toEqual(expected);
});

test('logs: every container; before its last restart too; an init container only where it holds its pod', () => {
  const spec = {
    containers: [{ name: 'app' }, { name: 'proxy' }],
    initContainers: [{ name: 'done' }, { name: 'migrate' }, { name: 'mesh' }],
  };
  const one = pod(
    {
      initContainerStatuses: [
        { name: 'done', ready: true, state: ended(0, 9) },
        { name: 'migrate', ready: false, restartCount: 2, state: { waiting: { reason: 'CrashLoopBackOff' } } },
        { name: 'mesh', ready: true, state: { running: {} } },
      ],
      containerStatuses: [container({ restartCount: 1 })],
    },
    spec,
  );
  expect(listLogPlaces([one]).map(({ container: name, previous, standing }) => [name, previous, standing])).toEqual([
    ['migrate', true, 'not ready, CrashLoopBackOff, restarted 2 times'],
    ['migrate', false, 'not ready, CrashLoopBackOff, restarted 2 times'],
    ['app', true, 'restarted 1 times'],
    ['app', false, 'restarted 1 times'],
    ['proxy', false, 'not ready'],
  ]);
});
