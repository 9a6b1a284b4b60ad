import { findObject } from './reading.ts';
import { isJsonObject, type ResourceRequest, type StreamReply } from './request.ts';
import { isTrue } from './routing.ts';
import { badRequest } from './status-error.ts';
import type { Store } from './stored-object.ts';

function containerNames(spec: unknown): string[] {
  const containers = isJsonObject(spec) && Array.isArray(spec['containers']) ? spec['containers'] : [];
  return containers.filter(isJsonObject).map((container) => String(container['name']));
}

/** A pod's log: one line, as the sandbox runs no containers. With `follow` it stays open until the pod is gone. */
export function streamLog(store: Store, request: ResourceRequest): StreamReply {
  const pod = findObject(store, request);
  const { name, namespace } = pod.metadata;
  const names = containerNames(pod['spec']);
  const asked = request.query.get('container');
  const container = asked || names[0];
  if (container === undefined || !names.includes(container)) {
    throw badRequest(`container ${asked ?? ''} is not valid for pod ${name}`);
  }
  return {
    stream(response) {
      response.writeHead(200, { 'content-type': 'text/plain' });
      response.write(`${pod.metadata.creationTimestamp} ${container} started in ${namespace}/${name}\n`);
      if (!isTrue(request.query.get('follow') ?? 'false')) {
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
