import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { abort, approve, ask, planOf, restoreOf, until } from './story.ts';
import { canTravel, NAMESPACE, openWorld, type World } from './world.ts';

const COPY = 'data-processing-copy';
const into = (namespace: string) => ['restore', 'namespace', NAMESPACE, '--into', namespace];

describe.skipIf(!canTravel)('a namespace is restored into another one, beside the original', () => {
  let world: World;
  const folder = mkdtempSync(join(tmpdir(), 'muster-copy-'));
  beforeAll(async () => {
    world = await openWorld({ env: { POLICY_FILE: policyFor('all', [NAMESPACE, COPY, 'second-copy']) } });
    world.startBot();
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await world.close();
  });

  function policyFor(name: string, namespaces: readonly string[]): string {
    const file = join(folder, `${name}.yaml`);
    const rule = `{group: engineers, may: [request, abort], clusters: ["*"], namespaces: ${JSON.stringify(namespaces)}}`;
    const groups = `{engineers: {terminal: [${JSON.stringify(userInfo().username)}]}}`;
    writeFileSync(file, `groups: ${groups}\nallow: [${rule}]\nbreakGlass: [engineers]\n`);
    return file;
  }

  /** Every object of the original, by what it holds; leases and the like have no place in it. */
  function hashOriginal(): Record<string, string> {
    const { store } = world.sandbox.cluster;
    const kinds = ['configmaps', 'secrets', 'services', 'pods', 'persistentvolumeclaims', 'serviceaccounts'];
    const workloads = ['deployments.apps', 'statefulsets.apps', 'replicasets.apps'];
    const all = [...kinds, ...workloads].flatMap((kind) => store.list(kind, NAMESPACE).map((it) => ({ kind, it })));
    return Object.fromEntries(
      all.map(({ kind, it }) => [
        `${kind}/${it.metadata.name}`,
        createHash('sha256').update(JSON.stringify(it)).digest('hex'),
      ]),
    );
  }

  test('restored and verified there with one Restore; the original is as it was, to the byte', async () => {
    const before = hashOriginal();
    const run = await ask(world, into(COPY));
    const digest = await planOf(world, run);
    const shown = await world.inside.type(['status', run]);
    expect(shown.text).toContain(`Can be done, once approved: Restore a namespace, ${COPY} on cluster sandbox`);
    expect(shown.text).toMatch(/From backup daily-full-backup-\d{14}: a copy of data-processing as it was at /);
    expect(shown.text).toContain(`Namespace ${NAMESPACE} itself is not touched.`);
    expect(shown.text).toContain(
      `Environment values, DNS names and Ingress hosts inside the copy still name ${NAMESPACE}`,
    );
    expect(shown.text).toContain('Labels of Argo CD and Flux are copied too');
    expect(shown.text).toContain(`Namespace ${COPY} does not exist; Velero creates it.`);

    const { code, text } = await approve(world, run, digest, '--wait');
    expect(text).toContain(`RECOVERED and verified: ${COPY}`);
    expect(text).toContain('ok   health normalization-service:8080/health: HTTP 200');
    expect(text).toContain('ok   deployment/normalization-service');
    expect(code).toBe(0);
    expect(world.restores()).toEqual([restoreOf(run)]);
    expect(world.sandbox.cluster.velero.restoresSeen()[0]?.spec.namespaceMapping).toEqual({ [NAMESPACE]: COPY });
    expect(hashOriginal()).toEqual(before);
    const { target } = (await world.state(run))?.request ?? {};
    expect(target).toEqual({ cluster: 'sandbox', namespace: COPY });
  });

  test('refused where something is there already, which is named', async () => {
    const run = await ask(world, into(COPY));
    await until(world, run, 'refused');
    const { text } = await world.inside.type(['status', run]);
    expect(text).toMatch(new RegExp(`Namespace ${COPY} is not empty: .* and \\d+ more`));
    expect(text).toContain('Restore into a namespace that does not exist yet: --into <another name>.');
    expect(world.restores()).toHaveLength(1);
  });

  test('something moved in after the plan: parked, and the approval is void', async () => {
    const { store } = world.sandbox.cluster;
    const run = await ask(world, into('second-copy'));
    const digest = await planOf(world, run);
    store.create('namespaces', { metadata: { name: 'second-copy' } });
    store.create('configmaps', { metadata: { name: 'guest', namespace: 'second-copy' }, data: {} });
    const { code, text } = await approve(world, run, digest, '--wait');
    expect(code).toBe(4);
    expect(text).toMatch(/The facts changed since the approval: .*restore\.occupants/);
    expect(world.restores()).toHaveLength(1);
    await abort(world, run);
  });

  test.each([
    ['the original', COPY, NAMESPACE],
    ['the destination', NAMESPACE, 'third-copy'],
  ])('refused where the policy leaves out %s', async (_what, allowed, missing) => {
    const words = into(missing === NAMESPACE ? COPY : missing);
    const { code, text } = await world.dr(words, { env: { POLICY_FILE: policyFor(allowed, [allowed]) } });
    expect(code).toBe(3);
    expect(text).toContain(`The policy does not let engineers request on sandbox/${missing}.`);
  });

  test.each([
    [into('kube-system'), 'kube-system belongs to Kubernetes itself'],
    [into('velero'), 'velero is where Velero runs'],
    [['restore', 'namespace', 'velero', '--into', COPY], 'velero is where Velero runs'],
    [['restore', 'namespace', 'kube-system'], 'kube-system belongs to Kubernetes itself'],
  ])('%j is not allowed', async (words, sentence) => {
    const { code, text } = await world.dr(words);
    expect(text).toContain(sentence);
    expect(code).toBe(3);
  });
});
