import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Bench, deployment, restore, startBench } from './api-client.ts';

/** kubectl validates on the server from 1.27 on. */
function isRecent(): boolean {
  const { status, stdout } = spawnSync('kubectl', ['version', '--client', '-o', 'json'], { timeout: 10_000 });
  const [, minor] = /"gitVersion": "v1\.(\d+)\./.exec(String(stdout)) ?? [];
  return status === 0 && Number(minor) >= 27;
}

let bench: Bench;
let folder: string;
beforeAll(async () => {
  bench = await startBench();
  folder = await mkdtemp(join(tmpdir(), 'kubectl-'));
  await writeFile(join(folder, 'config'), bench.api.kubeconfig());
});
afterAll(async () => {
  await bench.close();
  await rm(folder, { recursive: true });
});

async function kubectl(args: string, input?: unknown) {
  const env = { PATH: process.env['PATH'] ?? '', HOME: folder, KUBECONFIG: join(folder, 'config') };
  const stdin = input === undefined ? ('ignore' as const) : undefined;
  const options = { env, extendEnv: false, reject: false, timeout: 20_000, ...(stdin ? { stdin } : {}) };
  const result = await execa('kubectl', args.split(' '), {
    ...options,
    ...(stdin ? {} : { input: JSON.stringify(input) }),
  });
  return { code: result.exitCode, text: `${result.stdout}${result.stderr}` };
}

describe.skipIf(!isRecent())('kubectl', { timeout: 60_000 }, () => {
  test('creates, changes and reads a deployment', async () => {
    expect(await kubectl('apply -n shop -f -', deployment('web'))).toEqual({
      code: 0,
      text: 'deployment.apps/web created',
    });
    expect((await kubectl('apply -n shop -f -', deployment('web', 2))).text).toBe('deployment.apps/web configured');
    expect((await kubectl('set image -n shop deploy/web main=nginx:2')).text).toContain('image updated');
    expect((await kubectl('scale -n shop deploy/web --replicas=3')).text).toContain('scaled');
    expect((await kubectl('label -n shop deploy/web tier=x')).text).toContain('labeled');
    expect((await kubectl('annotate -n shop deploy/web note=y')).text).toContain('annotated');
    expect((await kubectl('rollout restart -n shop deploy/web')).text).toContain('restarted');
    expect((await kubectl('get -n shop deploy web')).text).toMatch(
      /NAME +READY +UP-TO-DATE +AVAILABLE +AGE\nweb +0\/3 /,
    );
    expect(bench.store.get('deployments.apps', 'shop', 'web')).toMatchObject({
      metadata: { labels: { tier: 'x' } },
      spec: { replicas: 3, template: { spec: { containers: [{ image: 'nginx:2' }] } } },
    });
  });

  test('rollout status waits for the status, and sees it', async () => {
    await kubectl('apply -n shop -f -', deployment('roll'));
    const waiting = kubectl('rollout status -n shop deploy/roll --timeout=15s');
    setTimeout(() => {
      bench.store.modify('deployments.apps', 'shop', 'roll', (object) => {
        const observedGeneration = object.metadata.generation;
        object['status'] = {
          observedGeneration,
          replicas: 1,
          updatedReplicas: 1,
          readyReplicas: 1,
          availableReplicas: 1,
        };
      });
    }, 500);
    expect(await waiting).toMatchObject({ code: 0, text: expect.stringContaining('successfully rolled out') });
  });

  test('velero objects: strict fields, wait, patch', async () => {
    const typo = await kubectl('create -f -', restore('typo', { includedNamespace: [] }));
    expect(typo).toMatchObject({ code: 1, text: expect.stringContaining('unknown field "spec.includedNamespace"') });
    await kubectl('create -f -', restore('r'));
    const done = '{"status":{"phase":"Completed"}}';
    expect((await kubectl(`patch -n velero restore r --type=merge -p ${done}`)).text).toContain('patched');
    const waited = await kubectl('wait -n velero restore/r --for=jsonpath={.status.phase}=Completed --timeout=5s');
    expect(waited.text).toContain('condition met');
  });

  test('delete: a dry run on the server keeps the object', async () => {
    await kubectl('create configmap -n shop kept');
    expect((await kubectl('delete configmap -n shop kept --dry-run=server')).code).toBe(0);
    expect(bench.store.get('configmaps', 'shop', 'kept')).toBeDefined();
    expect((await kubectl('delete configmap -n shop kept')).code).toBe(0);
    expect((await kubectl('get configmap -n shop kept')).text).toContain('configmaps "kept" not found');
  });
});
