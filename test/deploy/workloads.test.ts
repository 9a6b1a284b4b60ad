import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { VARIABLES } from '../../src/config.ts';
import { ROOT, readSources } from '../architecture/source.ts';
import { type Container, findManifest, podOf, readManifests } from './manifests.ts';

const base = readManifests('base');
const redis = readManifests('redis');
const rights = readManifests('rights');
const muster = findManifest(base, 'Deployment', 'muster');
const workloads = [muster, findManifest(redis, 'StatefulSet', 'muster-redis')];
const [container] = podOf(muster).containers as [Container];
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };

test('no pod has more power than it needs', () => {
  for (const workload of workloads) {
    const pod = podOf(workload);
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    expect(pod.securityContext['runAsUser']).toBeGreaterThan(0);
    expect([pod['hostNetwork'], pod['hostPID'], pod['hostIPC']]).toEqual([undefined, undefined, undefined]);
    for (const { securityContext, resources } of pod.containers) {
      expect(securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        privileged: false,
        capabilities: { drop: ['ALL'] },
      });
      expect(resources).toEqual({
        requests: { cpu: expect.any(String), memory: expect.any(String) },
        limits: { memory: expect.any(String) },
      });
    }
  }
});

test('images are of a version, and Muster of this one', () => {
  const images = workloads.flatMap((workload) => podOf(workload).containers.map(({ image }) => image));
  expect(images).toEqual([`muster:${version}`, expect.stringMatching(/^redis:\d+\.\d+-/)]);
  expect(images.filter((image) => !/:[^/]+$/.test(image) || image.endsWith(':latest'))).toEqual([]);
});

test('a stop leaves more time than the drain in src/worker.ts takes', () => {
  const drain = /DRAIN_MS = ([\d_]+);/.exec(readFileSync(join(ROOT, 'src/worker.ts'), 'utf8'))?.[1];
  const drainSeconds = Number(drain?.replaceAll('_', '')) / 1_000;
  expect(drainSeconds).toBeGreaterThan(0);
  expect(podOf(muster).terminationGracePeriodSeconds).toBeGreaterThan(drainSeconds + 10);
});

test('the probes ask what Muster answers, and a slow start is no failure', () => {
  const sources = readSources('src').map(({ text }) => text);
  const probes = ['startupProbe', 'livenessProbe', 'readinessProbe'].map(
    (name) => container[name] as { httpGet: { path: string }; periodSeconds: number; failureThreshold: number },
  );
  expect(probes.map(({ httpGet }) => httpGet.path)).toEqual(['/healthz', '/healthz', '/readyz']);
  for (const { httpGet } of probes) expect(sources.some((text) => text.includes(`'GET ${httpGet.path}'`))).toBe(true);
  const [startup] = probes;
  expect((startup?.periodSeconds ?? 0) * (startup?.failureThreshold ?? 0)).toBeGreaterThanOrEqual(60);
});

test('Muster is heard while it is not ready: that is when it must say what is down', () => {
  const { spec } = findManifest(base, 'Service', 'muster') as unknown as {
    spec: { publishNotReadyAddresses: boolean; ports: { targetPort: string }[] };
  };
  expect(spec.publishNotReadyAddresses).toBe(true);
  expect(spec.ports.map(({ targetPort }) => targetPort)).toEqual(container.ports?.map(({ name }) => name));
  expect(muster['spec']).toMatchObject({
    replicas: 2,
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
  });
});

test('the environment is one that config.ts knows; what is secret comes from the Secret', () => {
  const { data } = findManifest(base, 'ConfigMap', 'muster-config') as unknown as { data: Record<string, string> };
  const names = [...Object.keys(data), ...(container.env ?? []).map(({ name }) => name)];
  expect(names.filter((name) => !VARIABLES.includes(name))).toEqual([]);
  expect(names.filter((name) => /TOKEN|SECRET|KEY|REDIS_URL/.test(name))).toEqual([]);
  expect(container.env).toContainEqual({ name: 'HOST', value: '0.0.0.0' });
  expect(container.env).toContainEqual({
    name: 'POD_NAMESPACE',
    valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } },
  });
  expect(container.envFrom).toEqual([
    { configMapRef: { name: 'muster-config' } },
    { secretRef: { name: 'muster-secrets' } },
  ]);
  const port = container.ports?.find(({ name }) => name === 'http')?.containerPort;
  expect(container.env).toContainEqual({ name: 'PORT', value: String(port) });
});

test('what pages and takes alerts has its place: the ConfigMap, the overlay, or the Secret as the README makes it', () => {
  const { data } = findManifest(base, 'ConfigMap', 'muster-config') as unknown as { data: Record<string, string> };
  const readme = readFileSync(join(ROOT, 'deploy/README.md'), 'utf8');
  const mounts = readFileSync(join(ROOT, 'deploy/overlays/example/mounts.yaml'), 'utf8');
  const placed = (name: string) =>
    name in data || readme.includes(`--from-literal=${name}=`) || mounts.includes(`name: ${name},`);
  const asked = VARIABLES.filter((name) => /^(PAGERDUTY|ALERT|ROUTING|INCIDENT|STATUS)_|_CHANNEL$/.test(name));
  expect(asked.length).toBeGreaterThan(10);
  expect(asked.filter((name) => !placed(name))).toEqual([]);
  expect(asked.filter((name) => /TOKEN|SECRET|KEY/.test(name) && name in data)).toEqual([]);
});

test('everything of ours is in the namespace muster, and nothing secret is in a file', () => {
  const all = [...base, ...redis, ...rights];
  const elsewhere = all.filter(({ metadata }) => metadata.namespace !== undefined && metadata.namespace !== 'muster');
  expect(elsewhere.map(({ kind, metadata }) => `${metadata.namespace}/${kind}`)).toEqual([
    'velero/Role',
    'velero/RoleBinding',
  ]);
  expect(all.filter(({ kind }) => kind === 'Secret')).toEqual([]);
  expect(findManifest(rights, 'Namespace', 'muster').metadata['labels']).toMatchObject({
    'pod-security.kubernetes.io/enforce': 'restricted',
  });
});

test('the network is closed but for what is named: 3000 in; DNS, Redis, HTTPS and the API out; never the metadata service', () => {
  const policies = [...base, ...redis].filter(({ kind }) => kind === 'NetworkPolicy');
  const specs = policies.map(({ spec }) => spec as { podSelector: object; policyTypes: string[] });
  expect(specs.filter(({ policyTypes }) => policyTypes.join() !== 'Ingress,Egress')).toEqual([]);
  expect(findManifest(base, 'NetworkPolicy', 'default-deny')['spec']).toEqual({
    podSelector: {},
    policyTypes: ['Ingress', 'Egress'],
  });
  const { spec } = findManifest(base, 'NetworkPolicy', 'muster') as unknown as {
    spec: Record<'ingress' | 'egress', { ports: { port: number }[]; to?: { ipBlock?: { except?: string[] } }[] }[]>;
  };
  const portsOf = (way: 'ingress' | 'egress') => [
    ...new Set(spec[way].flatMap(({ ports }) => ports.map(({ port }) => port))),
  ];
  expect(portsOf('ingress')).toEqual([3000]);
  expect(portsOf('egress')).toEqual([53, 6379, 443, 6443]);
  const blocks = spec.egress.flatMap(({ to }) => to ?? []).flatMap(({ ipBlock }) => (ipBlock ? [ipBlock] : []));
  expect(blocks.map(({ except }) => except)).toEqual([['169.254.169.254/32'], ['fd00:ec2::254/128']]);
});
