import type { Namespace, ObjectMeta, Pod } from './kinds.ts';
import type { Check } from './plan.ts';

/** Who asks for a sidecar. `unclear`: something is asked for that cannot be judged from here. */
type Wish = { by: 'namespace' | 'template' } | 'unclear' | 'none';

type Marks = Pick<ObjectMeta, 'annotations' | 'labels'>;

interface Mesh {
  container: string;
  wishOf(namespace: Marks | undefined, pod: Marks): Wish;
}

/** What each mesh goes by. A pod's own word, which it has from its template, counts more than its namespace's. */
const MESHES: readonly Mesh[] = [
  {
    container: 'linkerd-proxy',
    wishOf: (namespace, pod) => {
      const own = pod.annotations?.['linkerd.io/inject'];
      if (own !== undefined) return readWish(own, LINKERD, 'template');
      const asked = namespace?.annotations?.['linkerd.io/inject'];
      if (asked !== undefined) return readWish(asked, LINKERD, 'namespace');
      // Linkerd's injector reads the annotation; whoever wrote a label means something, but gets no sidecar by it.
      const label = readWish(namespace?.labels?.['linkerd.io/inject'], LINKERD, 'namespace');
      return label === 'none' ? 'none' : 'unclear';
    },
  },
  {
    container: 'istio-proxy',
    wishOf: (namespace, pod) => {
      const own = markOf(pod, 'sidecar.istio.io/inject');
      if (own !== undefined) return readWish(own, ISTIO_POD, 'template');
      const asked = readWish(markOf(namespace, 'istio-injection'), ISTIO, 'namespace');
      // A revision's injector may be anywhere, or gone: only Istio knows which revisions there are.
      return asked === 'none' && markOf(namespace, 'istio.io/rev') !== undefined ? 'unclear' : asked;
    },
  },
];

const LINKERD = { yes: ['enabled', 'ingress'], no: ['disabled'] };
const ISTIO = { yes: ['enabled'], no: ['disabled'] };
const ISTIO_POD = { yes: ['true'], no: ['false'] };

const KEPT_BY_WORKLOADS = ['ReplicaSet', 'StatefulSet', 'DaemonSet'];
const NAMED = 3;

/**
 * Where a namespace or a pod's template asks for a mesh's sidecar, every Ready pod of a workload must carry it: pods that were made
 * before the injector ran do not. A mesh that nobody asks for gets no check.
 */
export function judgeSidecars(namespace: Namespace | undefined, pods: readonly Pod[]): Check[] {
  const judged = pods.filter(isJudged);
  return MESHES.flatMap((mesh) => judgeMesh(mesh, namespace?.metadata, judged));
}

function judgeMesh({ container, wishOf }: Mesh, namespace: Marks | undefined, pods: readonly Pod[]): Check[] {
  const name = `sidecar ${container}`;
  const wishes = pods.map((pod) => ({ pod, wish: wishOf(namespace, pod.metadata) }));
  const bare = wishes.flatMap(({ pod, wish }) =>
    typeof wish === 'object' && !carries(pod, container) ? [{ name: pod.metadata.name, by: wish.by }] : [],
  );
  if (bare.length > 0) return [{ name, verdict: 'fail', detail: describeBare(bare, container) }];
  const unclear = wishes.filter(({ pod, wish }) => wish === 'unclear' && !carries(pod, container));
  if (unclear.length > 0) {
    const detail = `whether ${unclear.length} pods should carry it cannot be told from their marks`;
    return [{ name, verdict: 'unchecked', detail }];
  }
  const asked = wishes.filter(({ wish }) => wish !== 'none');
  if (asked.length > 0) return [{ name, verdict: 'pass', detail: `in each of ${asked.length} Ready pods` }];
  if (pods.length > 0 || wishOf(namespace, {}) === 'none') return [];
  return [{ name, verdict: 'unchecked', detail: 'its namespace asks for it, but no pod of a workload is Ready' }];
}

function describeBare(bare: readonly { name: string; by: string }[], container: string): string {
  const [first] = bare;
  if (bare.length === 1)
    return `pod ${first?.name} runs without the ${container} its ${first?.by} asks for: restart it once the injector runs`;
  const more = bare.length > NAMED ? ` and ${bare.length - NAMED} more` : '';
  const names = bare.slice(0, NAMED).map((it) => it.name);
  const by = bare.every((it) => it.by === first?.by) ? first?.by : 'namespace or template';
  return `pods ${names.join(', ')}${more} run without the ${container} their ${by} asks for: restart them once the injector runs`;
}

/** Both injectors leave pods on the host's network alone. What no workload keeps, such as a Job's pod, may do without. */
function isJudged({ metadata, spec, status }: Pod): boolean {
  if (metadata.deletionTimestamp !== undefined || spec?.hostNetwork === true) return false;
  const kept = metadata.ownerReferences?.some(({ kind }) => KEPT_BY_WORKLOADS.includes(kind)) === true;
  return kept && status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true;
}

/** As a container, or as a native sidecar: an init container that goes on running. */
function carries({ spec }: Pod, container: string): boolean {
  const native = (spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  return [...(spec?.containers ?? []), ...native].some(({ name }) => name === container);
}

/** Istio changed its mind on whether it is an annotation or a label. */
function markOf(metadata: Marks | undefined, key: string): string | undefined {
  return metadata?.annotations?.[key] ?? metadata?.labels?.[key];
}

function readWish(
  mark: string | undefined,
  { yes, no }: { yes: readonly string[]; no: readonly string[] },
  by: 'namespace' | 'template',
): Wish {
  if (mark === undefined || no.includes(mark)) return 'none';
  return yes.includes(mark) ? { by } : 'unclear';
}
