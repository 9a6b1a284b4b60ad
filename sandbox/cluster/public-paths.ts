import { discover, version } from './discovery.ts';
import { openapiV3, pathOf } from './openapi.ts';
import type { Reply } from './request.ts';
import { resources } from './resources.ts';
import { StatusError, toStatus } from './status-error.ts';

const HEALTH = ['/readyz', '/healthz', '/livez'];

/** Paths besides the resources: health, version, discovery, OpenAPI. Health and version are answered without a token too. */
export function answerPublicPath(path: string, address: string): { isPublic: boolean; reply: Reply } | undefined {
  const clean = path.length > 1 ? path.replace(/\/+$/, '') : path;
  if (HEALTH.includes(clean)) return { isPublic: true, reply: { code: 200, body: 'ok' } };
  if (clean === '/version') return { isPublic: true, reply: { code: 200, body: version } };
  // An empty protobuf document: kubectl then leaves validation to the server.
  if (clean === '/openapi/v2') {
    return { isPublic: false, reply: { code: 200, body: '', contentType: 'application/octet-stream' } };
  }
  const body = openapiV3(clean) ?? discover(clean, address);
  return body === undefined ? undefined : { isPublic: false, reply: { code: 200, body } };
}

/** Within a built-in group the answer is a Status, anywhere else plain text. */
export function notFoundPath(path: string): Reply {
  const known = resources.find(({ apiVersion, custom }) => !custom && path.startsWith(`/${pathOf(apiVersion)}/`));
  if (known === undefined) return { code: 404, body: '404 page not found\n' };
  const error = new StatusError(404, 'NotFound', 'the server could not find the requested resource', {});
  return { code: 404, body: toStatus(error) };
}
