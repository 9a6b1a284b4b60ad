import { reviewAccess } from './access-review.ts';
import { deleteMany, deleteOne } from './deleting.ts';
import type { FaultBox } from './faults.ts';
import { streamLog } from './pod-log.ts';
import { getOne, list, subjectOf } from './reading.ts';
import type { Reply, ResourceRequest, StreamReply } from './request.ts';
import { accessReview } from './resources.ts';
import { handleScale } from './scale.ts';
import { type ProbeService, proxyToService } from './service-proxy.ts';
import { methodNotAllowed, notFound, StatusError } from './status-error.ts';
import type { Store } from './stored-object.ts';
import { type WatchSettings, watch } from './watch.ts';
import { create, patch, update } from './writing.ts';

export interface Backend {
  store: Store;
  probeService: ProbeService;
  faults?: Pick<FaultBox, 'refuses'>;
}

function handleMain(store: Store, request: ResourceRequest, settings: WatchSettings): Reply | StreamReply {
  switch (request.verb) {
    case 'get':
      return getOne(store, request);
    case 'list':
      return list(store, request);
    case 'watch':
      return watch(store, request, settings);
    case 'create':
      return create(store, request);
    case 'delete':
      return deleteOne(store, request);
    case 'deletecollection':
      return deleteMany(store, request);
    default:
      return request.name === undefined
        ? refuse()
        : request.verb === 'update'
          ? update(store, request)
          : patch(store, request);
  }
}

function refuse(): never {
  throw methodNotAllowed();
}

function handleStatus(store: Store, request: ResourceRequest): Reply {
  if (request.verb === 'get') return getOne(store, request);
  if (request.verb === 'update') return update(store, request);
  if (request.verb === 'patch') return patch(store, request);
  throw methodNotAllowed();
}

/** A custom resource denies having the object; a built-in one denies having the path. */
function noSubresource(request: ResourceRequest): StatusError {
  const { resource, name } = request;
  if (resource.custom) return notFound(subjectOf(resource, name));
  return new StatusError(404, 'NotFound', 'the server could not find the requested resource', {});
}

/** Does what a request for a resource asks. @throws StatusError */
export async function dispatch(
  backend: Backend,
  request: ResourceRequest,
  settings: WatchSettings,
): Promise<Reply | StreamReply> {
  const { store } = backend;
  const { resource, subresource } = request;
  if (resource === accessReview) return reviewAccess(request, backend.faults);
  if (subresource === undefined) return handleMain(store, request, settings);
  if (subresource === 'proxy' && resource.key === 'services') {
    return await proxyToService(store, request, backend.probeService);
  }
  if (request.rest !== '') throw noSubresource(request);
  if (subresource === 'status' && resource.status) return handleStatus(store, request);
  if (subresource === 'scale' && resource.scale) return handleScale(store, request);
  if (subresource === 'log' && resource.key === 'pods' && request.verb === 'get') return streamLog(store, request);
  if (subresource === 'finalize' && resource.key === 'namespaces' && request.verb === 'update') {
    return update(store, request);
  }
  throw noSubresource(request);
}
