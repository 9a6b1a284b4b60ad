import { discover, version } from './discovery.ts';
import { openapiV3 } from './openapi.ts';
import type { Reply } from './request.ts';

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
