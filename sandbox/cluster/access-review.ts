import type { FaultBox } from './faults.ts';
import { isJsonObject, parseBody, type Reply, type ResourceRequest } from './request.ts';
import { accessReview } from './resources.ts';
import { methodNotAllowed } from './status-error.ts';

/** Everyone may do everything here but what a fault of the kind `refuse` would refuse. */
export function reviewAccess(request: ResourceRequest, faults: Pick<FaultBox, 'refuses'> | undefined): Reply {
  if (request.verb !== 'create') throw methodNotAllowed();
  const { apiVersion, kind } = accessReview;
  const body = parseBody(request);
  const spec = isJsonObject(body['spec']) ? body['spec'] : {};
  const asked = isJsonObject(spec['resourceAttributes']) ? spec['resourceAttributes'] : {};
  const allowed = faults?.refuses(targetOf(asked)) !== true;
  return { code: 201, body: { ...body, apiVersion, kind, metadata: {}, status: { allowed } } };
}

/** The request that the question is about, as far as a fault matches it. */
function targetOf(asked: Record<string, unknown>) {
  const text = (name: string) => (typeof asked[name] === 'string' && asked[name] !== '' ? asked[name] : undefined);
  const [plural = '', group] = [text('resource'), text('group')];
  const namespace = text('namespace');
  return {
    verb: text('verb') ?? '',
    resource: group === undefined || plural === '*' ? plural : `${plural}.${group}`,
    subresource: text('subresource'),
    name: text('name'),
    path: `${namespace === undefined ? '' : `/namespaces/${namespace}`}/${plural}`,
  };
}
