import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadPolicy, loadRunbooks } from '../../src/adapters/yaml-file.ts';
import type { StepType } from '../../src/contracts.ts';
import { decideAccess } from '../../src/domain/access.ts';
import type { Runbook } from '../../src/domain/runbook.ts';
import { loadDirectory } from '../../src/registry.ts';
import { ROOT } from '../architecture/source.ts';
import { DEPLOY } from './manifests.ts';

const RUNBOOKS = join(ROOT, 'runbooks');
const EXAMPLE = join(DEPLOY, 'overlays/example');
const updating = process.env['UPDATE_DOCS'] !== undefined;
/** How the files that these tests write are written anew. */
const REFRESH = 'refresh it: UPDATE_DOCS=1 npx vitest run test/deploy/overlay.test.ts';

const HEALTH_INTRO = `# What the runbooks ask of services, asked through the API server: these services and ports, and no other.
# Cluster-wide, since a RoleBinding goes away with the namespace that it is in. Written from runbooks/ by:
# UPDATE_DOCS=1 npx vitest run test/deploy/overlay.test.ts
`;

test('the example has the runbooks that Muster comes with', () => {
  const files = readdirSync(RUNBOOKS).filter((file) => file.endsWith('.yaml'));
  for (const file of files) {
    const text = readFileSync(join(RUNBOOKS, file), 'utf8');
    const copy = join(EXAMPLE, 'runbooks', file);
    if (updating) writeFileSync(copy, text);
    expect(readFileSync(copy, 'utf8'), `${copy} is not runbooks/${file}; ${REFRESH}`).toBe(text);
  }
  expect(readdirSync(join(EXAMPLE, 'runbooks')).sort()).toEqual(files.sort());
  const kustomization = readFileSync(join(EXAMPLE, 'kustomization.yaml'), 'utf8');
  for (const file of files) expect(kustomization, 'add the runbook to muster-runbooks').toContain(`runbooks/${file}`);
});

test('the example may ask the services that the runbooks ask', () => {
  const file = join(EXAMPLE, 'health-checks.yaml');
  const asked = readdirSync(RUNBOOKS).flatMap((name) =>
    findServices(parse(readFileSync(join(RUNBOOKS, name), 'utf8'))),
  );
  // A rule without names would be a rule about all services.
  expect(asked.length).toBeGreaterThan(0);
  const text = HEALTH_INTRO + renderHealthRights(asked);
  if (updating) writeFileSync(file, text);
  expect(readFileSync(file, 'utf8'), `${file} is not what the runbooks ask; ${REFRESH}`).toBe(text);
});

test('Muster takes the example: its runbooks load, and its policy allows what it says', async () => {
  expect([...(await loadAllRunbooks(join(EXAMPLE, 'runbooks'))).keys()]).toContain('restore-namespace');
  const policy = await loadPolicy(join(EXAMPLE, 'policy.yaml'));
  const target = { cluster: 'in-cluster', namespace: 'data-processing' };
  const allowed = (account: string, action: 'request' | 'break-glass') =>
    decideAccess(policy, { kind: 'terminal', account, uid: 1000 }, action, target).allowed;
  expect(allowed('alice', 'request')).toBe(true);
  expect(allowed('alice', 'break-glass')).toBe(false);
  expect(allowed('carol', 'break-glass')).toBe(true);
  expect(allowed('mallory', 'request')).toBe(false);
});

async function loadAllRunbooks(folder: string): Promise<Map<string, Runbook>> {
  return loadRunbooks(folder, await loadDirectory<StepType>(join(ROOT, 'src/steps'), 'step'));
}

/** Whatever in a runbook names a service and a port, in the API server's words for the object of a proxy request. */
function findServices(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const { service, port } = value as { service?: unknown; port?: unknown };
  const own = typeof service === 'string' && typeof port === 'number' ? [`http:${service}:${port}`] : [];
  return [...own, ...Object.values(value).flatMap(findServices)];
}

function renderHealthRights(asked: readonly string[]): string {
  return `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: muster-health-checks
  labels: { app.kubernetes.io/name: muster }
rules:
  - apiGroups: [""]
    resources: [services/proxy]
    resourceNames:
${[...new Set(asked)]
  .sort()
  .map((name) => `      - ${name}\n`)
  .join('')}    verbs: [get]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: muster-health-checks
  labels: { app.kubernetes.io/name: muster }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: muster-health-checks }
subjects:
  - { kind: ServiceAccount, name: muster, namespace: muster }
`;
}
