import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { announceSkip } from '../announce-skip.ts';
import {
  DEPLOY,
  findManifest,
  hasKubectl,
  KUSTOMIZATIONS,
  type Manifest,
  podOf,
  renderKustomization,
} from './manifests.ts';

const kubectl = hasKubectl();
if (!kubectl) announceSkip('rendering deploy/ with kustomize', 'there is no kubectl on the PATH');

const nameOf = ({ kind, metadata }: Manifest) => `${kind} ${metadata.namespace ?? '-'}/${metadata.name}`;

describe.skipIf(!kubectl)('kubectl kustomize', () => {
  test.each(KUSTOMIZATIONS)('deploy/%s renders, each object once', (folder) => {
    const names = renderKustomization(join(DEPLOY, folder)).map(nameOf);
    expect(names.length).toBeGreaterThan(3);
    expect(new Set(names).size).toBe(names.length);
  });

  test('the base is the rights and the bot', () => {
    const base = renderKustomization(join(DEPLOY, 'base')).map(nameOf);
    const rights = renderKustomization(join(DEPLOY, 'rights')).map(nameOf);
    expect(rights.filter((name) => !base.includes(name))).toEqual([]);
    expect(base).toContain('Deployment muster/muster');
  });

  test('the example brings the policy and the runbooks into the pod, under names that change with their content', () => {
    const example = renderKustomization(join(DEPLOY, 'overlays/example'));
    const deployment = findManifest(example, 'Deployment', 'muster');
    const { containers, volumes } = podOf(deployment);
    const configMaps = example.filter(({ kind }) => kind === 'ConfigMap').map(({ metadata }) => metadata.name);
    const mounted = volumes.flatMap((volume) =>
      'configMap' in volume ? [(volume.configMap as { name: string }).name] : [],
    );
    expect(mounted).toEqual([
      expect.stringMatching(/^muster-policy-[a-z0-9]{10}$/),
      expect.stringMatching(/^muster-runbooks-[a-z0-9]{10}$/),
    ]);
    expect(mounted.filter((name) => !configMaps.includes(name))).toEqual([]);
    expect(containers[0]?.image).toMatch(/^registry\.example\.com\/muster:\d/);
    expect(containers[0]?.env).toContainEqual({ name: 'RUNBOOKS_DIR', value: '/etc/muster/runbooks' });
    expect(containers[0]?.env).toContainEqual({ name: 'POLICY_FILE', value: '/etc/muster/policy/policy.yaml' });
    expect(containers[0]?.volumeMounts?.map(({ mountPath }) => mountPath).sort()).toEqual([
      '/etc/muster/policy',
      '/etc/muster/runbooks',
      '/tmp',
    ]);
  });
});
