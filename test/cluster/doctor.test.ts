import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/adapters/system-clock.ts';
import { loadRunbooks } from '../../src/adapters/yaml-file.ts';
import type { StepType } from '../../src/contracts.ts';
import type { DoctorDeps, Examination } from '../../src/doctor/examination.ts';
import { examineAll } from '../../src/doctor/examine-all.ts';
import type { Diagnosis } from '../../src/domain/diagnosis.ts';
import { Policy } from '../../src/domain/policy.ts';
import { loadDirectory } from '../../src/registry.ts';
import { announceSkip } from '../announce-skip.ts';
import { ROOT } from '../architecture/source.ts';
import { hasKubectl } from '../deploy/manifests.ts';
import { patient } from './contract-kinds.ts';
import { type Deployed, startDeployed } from './deployed.ts';

const possible = process.env['KUBEBUILDER_ASSETS'] !== undefined && hasKubectl();
if (!possible)
  announceSkip('dr doctor on a real kube-apiserver', 'KUBEBUILDER_ASSETS is unset, or there is no kubectl');

describe.skipIf(!possible)('dr doctor as the service account on a real kube-apiserver', () => {
  let deployed: Deployed;
  let told: Diagnosis[];
  beforeAll(async () => {
    deployed = await startDeployed();
    const steps = await loadDirectory<StepType>(join(ROOT, 'src/steps'), 'step');
    const examinations = await loadDirectory<Examination>(join(ROOT, 'src/doctor/lines'), 'examination');
    const deps: DoctorDeps = {
      broken: { policy: [], runbooks: [] },
      inspectRedis: () => Promise.reject(new Error('not here')),
      chat: undefined,
      channels: { SLACK_INCIDENTS_CHANNEL: undefined, SLACK_STAKEHOLDERS_CHANNEL: undefined },
      pager: undefined,
      inbound: { alerts: false, pagerDuty: false },
      checkRouting: async () => undefined,
      paging: { from: undefined, routingKey: undefined },
      clusters: () => Promise.resolve(deployed.cluster),
      policy: Policy.parse({
        groups: { all: { slack: ['U0ALL'] } },
        allow: [{ group: 'all', may: ['request'], clusters: ['*'], namespaces: ['data-processing', 'other'] }],
      }),
      runbooks: await loadRunbooks(join(ROOT, 'runbooks'), steps),
      homes: { podNamespace: 'muster', veleroNamespace: 'velero', redisHost: undefined },
      clock: systemClock,
    };
    told = await examineAll([...examinations.values()], deps, { cluster: undefined, signal: patient() });
  }, 120_000);
  afterAll(() => deployed.close());

  const about = (line: string) => told.find((it) => it.line === `${deployed.cluster.name}: ${line}`);

  test('deploy/rights and the example give every right that it asks about', () => {
    expect(about('rights')).toMatchObject({ verdict: 'ok' });
  });

  test('it sees in which namespace the reader is not bound', () => {
    expect(about('reading namespaces')).toMatchObject({
      verdict: 'warning',
      detail: expect.stringContaining('cannot be listed in other:'),
    });
  });

  test('the version, and the clock', () => {
    const verdict = deployed.minor < 21 ? 'red' : 'ok';
    expect(about('cluster')).toMatchObject({ verdict, detail: expect.stringContaining(`v1.${deployed.minor}`) });
    expect(told.find(({ line }) => line === 'clock')).toMatchObject({ verdict: 'ok' });
  });

  test('no Velero answers here, there is no storage, no schedule and no backup, and each says so by itself', () => {
    expect(about('velero')).toMatchObject({ verdict: 'red', remedy: expect.stringContaining('install Velero') });
    expect(about('storage')).toMatchObject({ verdict: 'red' });
    expect(about('schedules')).toMatchObject({ verdict: 'warning' });
    expect(about('recovery of other')).toMatchObject({ verdict: 'red' });
    expect(about('node agents')).toMatchObject({ verdict: 'unchecked' });
  });
});
