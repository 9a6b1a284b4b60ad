import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { announceSkip } from '../announce-skip.ts';
import { hasKubectl } from '../deploy/manifests.ts';
import { type Deployed, startDeployed } from './deployed.ts';

const possible = process.env['KUBEBUILDER_ASSETS'] !== undefined && hasKubectl();
if (!possible) announceSkip('deploy/ on a real kube-apiserver', 'KUBEBUILDER_ASSETS is unset, or there is no kubectl');

describe.skipIf(!possible)('deploy/overlays/example on a real kube-apiserver', () => {
  let deployed: Deployed;
  beforeAll(async () => {
    deployed = await startDeployed();
  }, 120_000);
  afterAll(async () => {
    console.log(`deploy: ${deployed.applied.length} objects; ${deployed.converted.join('; ') || 'nothing converted'}`);
    await deployed.close();
  });

  test('every object is taken: all but what this server is too old for', () => {
    const kinds = new Set(deployed.applied.map(({ sent }) => sent.kind));
    for (const kind of [
      'Deployment',
      'StatefulSet',
      'NetworkPolicy',
      'PodDisruptionBudget',
      'Role',
      'ClusterRole',
      'Ingress',
    ])
      expect(kinds).toContain(kind);
    const missing = deployed.converted.filter((line) => line.endsWith('left out'));
    expect(missing.every((line) => line.startsWith('ValidatingAdmissionPolicy'))).toBe(true);
    expect(missing.length).toBe(deployed.minor < 30 ? 6 : 0);
  });

  test('no field is misspelt: the server keeps everything that was sent', () => {
    expect(
      deployed.applied.flatMap(({ sent, kept }) => listDropped(sent, kept, `${sent.kind} ${sent.metadata.name}`)),
    ).toEqual([]);
  });
});

/** What is in the one and not, or not the same, in the other. */
function listDropped(sent: unknown, kept: unknown, path: string): string[] {
  if (typeof sent !== 'object' || sent === null) return sent === kept ? [] : [`${path}: ${sent} became ${kept}`];
  const other = (typeof kept === 'object' && kept !== null ? kept : {}) as Record<string, unknown>;
  // An empty object may go: it says nothing.
  if (Object.keys(sent).length === 0) return [];
  return Object.entries(sent).flatMap(([field, value]) => listDropped(value, other[field], `${path}/${field}`));
}
