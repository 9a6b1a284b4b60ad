import type { ResourceRequest } from './request.ts';
import type { StoredObject } from './stored-object.ts';
import { columnsOf } from './table-columns.ts';

type Asked = Pick<ResourceRequest, 'resource' | 'headers' | 'query'>;

/** Whether the client wants rows to print, as `kubectl get` does. */
export function wantsTable(request: Asked): boolean {
  const accept = String(request.headers.accept ?? '');
  return accept
    .split(',')
    .some((type) => type.includes('as=Table') && type.includes('g=meta.k8s.io') && /v=v1(;|$)/.test(type));
}

function rowObject(request: Asked, object: StoredObject): object | undefined {
  const include = request.query.get('includeObject');
  if (include === 'None') return undefined;
  if (include === 'Object') return object;
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata };
}

/** meta.k8s.io/v1 Table. A watch sends the column definitions with its first event only. */
export function toTable(request: Asked, objects: StoredObject[], metadata: object, withColumns = true): object {
  const columns = columnsOf(request.resource.key);
  const columnDefinitions = columns.map(({ name, wide }) => ({
    name,
    type: 'string',
    format: name === 'Name' ? 'name' : '',
    description: '',
    priority: wide ? 1 : 0,
  }));
  const rows = objects.map((object) => ({
    cells: columns.map((column) => column.cell(object)),
    object: rowObject(request, object),
  }));
  const definitions = withColumns ? { columnDefinitions } : { columnDefinitions: null };
  return { kind: 'Table', apiVersion: 'meta.k8s.io/v1', metadata, ...definitions, rows };
}
