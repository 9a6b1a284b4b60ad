import { randomBytes } from 'node:crypto';
import type { StepContext } from '../../contracts.ts';
import type { Kind, KubeObject } from '../../domain/kinds.ts';
import { MANAGED_BY } from '../../domain/provenance.ts';

/** How often an answer is looked for where the watch does not tell, in ms. */
const LOOK_MS = 500;

export interface Question<T, A> {
  kind: Kind<T>;
  spec: object;
  /** How long Velero may leave it unanswered, in ms. */
  patienceMs: number;
  /** The answer, once the object carries one. */
  answerOf(object: T): A | undefined;
}

/**
 * Asks Velero something with an object that it answers by itself, takes the object away again, and answers undefined where Velero
 * stayed silent. What it signed stays good for some minutes after.
 * @throws DrError CLUSTER_*
 */
export async function askVelero<T extends KubeObject, A>(
  { cluster, homes, clock, signal }: Pick<StepContext<unknown>, 'cluster' | 'homes' | 'clock' | 'signal'>,
  { kind, spec, patienceMs, answerOf }: Question<T, A>,
): Promise<A | undefined> {
  const ref = { namespace: homes.veleroNamespace, name: `muster-${randomBytes(8).toString('hex')}` };
  const metadata = { ...ref, labels: { [MANAGED_BY]: 'muster' } };
  const asked = await cluster.create(kind, { metadata, spec }, signal);
  try {
    const until = clock.now() + patienceMs;
    while (clock.now() < until && !signal.aborted) {
      const now = await cluster.read(kind, ref, signal);
      const answer = now === undefined ? undefined : answerOf(now);
      if (answer !== undefined) return answer;
      const turn = new AbortController();
      const either = AbortSignal.any([signal, turn.signal]);
      await Promise.race([clock.sleep(LOOK_MS, either), cluster.awaitChange(kind, now ?? asked, either)]);
      turn.abort();
    }
    return undefined;
  } finally {
    // Velero deletes the ones that it answered after some minutes; only one that it never saw would stay.
    await cluster.remove(kind, { ...ref, uid: asked.metadata.uid }, AbortSignal.timeout(5_000)).catch(() => undefined);
  }
}
