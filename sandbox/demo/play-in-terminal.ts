import type { Sandbox } from '../start-sandbox.ts';
import { deleteNamespace, fail, findUnready, NAMESPACE, say, until } from './watch-cluster.ts';

/** Plays the main job as a person in the terminal would, with nobody in Slack: asked for, approved by breaking the glass, verified. */
export async function playInTerminal(sandbox: Sandbox): Promise<number> {
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
  const reason = 'demo: nobody else answers the phone';
  const approved = await typeDr(sandbox, ['approve', run, digest, '--reason', reason, '--wait']);
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

async function awaitPlan(sandbox: Sandbox, run: string): Promise<string | undefined> {
  let digest: string | undefined;
  await until(async () => {
    const { text } = await sandbox.runDr(['status', run, '--json']);
    digest = /"digest":"([0-9a-f]{8})/.exec(text)?.[1];
    return digest !== undefined;
  });
  return digest;
}

async function typeDr(sandbox: Sandbox, words: readonly string[]): Promise<{ code: number; text: string }> {
  say(`$ dr ${words.map((word) => (/[^\w./:=-]/.test(word) ? `"${word}"` : word)).join(' ')}`);
  const answer = await sandbox.runDr(words, { print: (chunk) => process.stdout.write(chunk) });
  say('');
  return answer;
}
