import { findObject } from './reading.ts';
import { isJsonObject, type ResourceRequest, type StreamReply } from './request.ts';
import { isTrue } from './routing.ts';
import { badRequest } from './status-error.ts';
import type { Store, StoredObject } from './stored-object.ts';

/** An annotation on a pod whose text its containers have written; `{container}` stands for the container's name. */
export const POD_LOG_ANNOTATION = 'sandbox.muster.dev/log';

function containerNames(spec: unknown): string[] {
  const { containers = [], initContainers = [] } = isJsonObject(spec) ? spec : {};
  return [containers, initContainers]
    .flatMap((list) => (Array.isArray(list) ? list : []))
    .filter(isJsonObject)
    .map((container) => String(container['name']));
}

function findContainer(pod: StoredObject, asked: string | null): string {
  const names = containerNames(pod['spec']);
  const container = asked || names[0];
  if (container !== undefined && names.includes(container)) return container;
  throw badRequest(`container ${asked ?? ''} is not valid for pod ${pod.metadata.name}`);
}

/** What the kubelet answers for a container that has not started, or has no earlier life (`pkg/kubelet/kubelet_pods.go` validateContainerLogStatus). */
function checkLife(pod: StoredObject, container: string, previous: boolean): void {
  const { status } = pod as {
    status?: { containerStatuses?: { name: string; restartCount: number; state?: object }[] };
  };
  const found = status?.containerStatuses?.find(({ name }) => name === container);
  const { name } = pod.metadata;
  const restarts = found?.restartCount ?? 0;
  if (previous && restarts === 0)
    throw badRequest(`previous terminated container "${container}" in pod "${name}" not found`);
  const waiting = (found?.state as { waiting?: { reason: string } } | undefined)?.waiting;
  if (waiting !== undefined && restarts === 0)
    throw badRequest(`container "${container}" in pod "${name}" is waiting to start: ${waiting.reason}`);
}

/** The newest lines, then cut at the limit, as the kubelet does it. */
function textOf(pod: StoredObject, container: string, query: URLSearchParams): string {
  const { name, namespace, creationTimestamp } = pod.metadata;
  const own = pod.metadata.annotations?.[POD_LOG_ANNOTATION]?.replaceAll('{container}', container);
  const text = own ?? `${creationTimestamp} ${container} started in ${namespace}/${name}\n`;
  const tail = Number(query.get('tailLines') ?? Number.POSITIVE_INFINITY);
  const lines = text.split(/(?<=\n)/);
  const limit = Number(query.get('limitBytes') ?? Number.POSITIVE_INFINITY);
  return lines
    .slice(Math.max(0, lines.length - tail))
    .join('')
    .slice(0, limit);
}

/** A pod's log: what its annotation says, or one line, as the sandbox runs no containers. With `follow` it stays open until the pod is gone. */
export function streamLog(store: Store, request: ResourceRequest): StreamReply {
  const pod = findObject(store, request);
  const { query } = request;
  const container = findContainer(pod, query.get('container'));
  checkLife(pod, container, isTrue(query.get('previous') ?? 'false'));
  return {
    stream(response) {
      response.writeHead(200, { 'content-type': 'text/plain' });
      response.write(textOf(pod, container, query));
      if (!isTrue(query.get('follow') ?? 'false')) {
        response.end();
        return;
      }
      const stop = store.subscribe((change) => {
        if (change.type === 'DELETED' && change.object.metadata.uid === pod.metadata.uid) response.end();
      });
      response.once('close', stop);
    },
  };
}
