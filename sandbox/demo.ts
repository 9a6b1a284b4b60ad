import type { Sandbox } from './start-sandbox.ts';

const NAMESPACE = 'data-processing';
/** How long a demo may take in all, ms. */
const LIMIT_MS = 50_000;

/** Plays the main job as a person in the terminal would: the namespace is deleted, restored and verified. Returns the exit code. */
export async function playDemo(sandbox: Sandbox): Promise<number> {
  say('Somebody deletes the namespace:');
  say(`$ kubectl delete namespace ${NAMESPACE}`);
  await deleteNamespace(sandbox);
  say(`namespace "${NAMESPACE}" deleted\n`);

  say('The engineer on call asks for it back:');
  const asked = await typeDr(sandbox, ['restore', 'namespace', NAMESPACE]);
  const run = /^Run ([a-z0-9]+):/m.exec(asked.text)?.[1];
  if (run === undefined) return fail('the request was not recorded');
  const digest = await awaitPlan(sandbox, run);
  if (digest === undefined) return fail('the plan did not come');
  await typeDr(sandbox, ['status', run]);

  say('Nobody else answers the phone, so the engineer breaks the glass, in writing, and watches:');
  const approved = await typeDr(sandbox, [
    'approve',
    run,
    digest,
    '--reason',
    'demo: nobody else answers the phone',
    '--wait',
  ]);
  if (approved.code !== 0) return fail('the approved run did not succeed');

  say('And this is how it stands:');
  await typeDr(sandbox, ['runs']);
  const lost = findUnready(sandbox);
  if (lost.length > 0) return fail(`the cluster itself says otherwise: ${lost.join(', ')}`);
  say(
    `The demo is over: ${NAMESPACE} is back, verified, with ${sandbox.cluster.velero.restoresSeen().length} Restore.`,
  );
  return 0;
}

async function deleteNamespace({ cluster }: Sandbox): Promise<void> {
  cluster.store.remove('namespaces', undefined, NAMESPACE);
  const until = Date.now() + LIMIT_MS;
  while (cluster.store.get('namespaces', undefined, NAMESPACE) !== undefined && Date.now() < until) await pause(100);
}

async function awaitPlan(sandbox: Sandbox, run: string): Promise<string | undefined> {
  const until = Date.now() + LIMIT_MS;
  while (Date.now() < until) {
    const { text } = await sandbox.runDr(['status', run, '--json']);
    const digest = /"digest":"([0-9a-f]{8})/.exec(text)?.[1];
    if (digest !== undefined) return digest;
    await pause(200);
  }
  return undefined;
}

async function typeDr(sandbox: Sandbox, words: readonly string[]): Promise<{ code: number; text: string }> {
  say(`$ dr ${words.map((word) => (/[^\w./:=-]/.test(word) ? `"${word}"` : word)).join(' ')}`);
  const answer = await sandbox.runDr(words, { print: (chunk) => process.stdout.write(chunk) });
  say('');
  return answer;
}

/** The cluster's own word: Deployments whose replicas are not all ready. */
function findUnready({ cluster }: Sandbox): string[] {
  const deployments = cluster.store.list('deployments.apps', NAMESPACE);
  if (deployments.length === 0) return ['no Deployment is there'];
  return deployments
    .filter(({ spec, status }) => countOf(spec, 'replicas') !== countOf(status, 'readyReplicas'))
    .map(({ metadata }) => `${metadata.name} is not ready`);
}

function countOf(part: unknown, field: string): unknown {
  return typeof part === 'object' && part !== null ? Reflect.get(part, field) : undefined;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function fail(why: string): number {
  process.stderr.write(`The demo FAILED: ${why}.\n`);
  return 1;
}
