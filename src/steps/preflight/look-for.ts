import type { StepContext } from '../../contracts.ts';
import type { Kind } from '../../domain/kinds.ts';
import type { Check } from '../../domain/plan.ts';
import { isDrError } from '../../errors.ts';
import type { ListScope, ObjectRef } from '../../ports.ts';

/** `unseen`: why it could not be looked at, as a sentence; what was not seen is not "none". */
export interface Seen<T> {
  items: T[];
  unseen: string[];
}

type Looker = Pick<StepContext<unknown>, 'cluster' | 'signal'>;

/** All objects of a kind in scope; a `custom` kind that the API does not serve has none. @throws DrError CLUSTER_UNREACHABLE */
export function lookFor<T>(
  { cluster, signal }: Looker,
  kind: Kind<T>,
  scope: ListScope,
  custom = false,
): Promise<Seen<T>> {
  return look(kind, custom, () => cluster.list(kind, scope, signal));
}

/** The one object, if it is there. @throws DrError CLUSTER_UNREACHABLE */
export function lookAt<T>({ cluster, signal }: Looker, kind: Kind<T>, ref: ObjectRef): Promise<Seen<T>> {
  return look(kind, false, async () => {
    const found = await cluster.read(kind, ref, signal);
    return found === undefined ? [] : [found];
  });
}

async function look<T>(kind: Kind<T>, custom: boolean, ask: () => Promise<T[]>): Promise<Seen<T>> {
  try {
    return { items: await ask(), unseen: [] };
  } catch (thrown) {
    if (custom && isDrError(thrown, 'CLUSTER_NOT_SERVED')) return { items: [], unseen: [] };
    if (!isDrError(thrown, 'CLUSTER_FORBIDDEN', 'CLUSTER_NOT_SERVED', 'CLUSTER_UNREADABLE')) throw thrown;
    return { items: [], unseen: [`${nameKind(kind)} could not be looked at. ${thrown.action}`] };
  }
}

function nameKind({ apiVersion, plural }: Kind<unknown>): string {
  const [group] = apiVersion.includes('/') ? apiVersion.split('/') : [];
  return group === undefined ? plural : `${plural}.${group}`;
}

/** One check for each thing that could not be looked at. */
export function uncheckedOf(name: string, ...seen: Seen<unknown>[]): Check[] {
  const sentences = new Set(seen.flatMap(({ unseen }) => unseen));
  return [...sentences].map((detail) => ({ name, verdict: 'unchecked', detail }));
}
