import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { ReadFile } from './file-reader.ts';

export interface DownloadServer {
  /** `http://127.0.0.1:<port>`: the S3 endpoint. */
  url: string;
  /** An address of the file that is good for `ttlMs`; it is given for files that do not exist, too. */
  sign(kind: string, name: string, ttlMs: number): string;
  close(): Promise<void>;
}

const ROOT = '/velero-backups';

interface Answer {
  status: number;
  body: Buffer | string;
  headers?: Record<string, string>;
}

function refuse(status: number, code: string): Answer {
  return { status, body: `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code></Error>` };
}

/**
 * Serves the bucket's files as S3 does with presigned URLs: gzip-compressed bytes without a Content-Encoding, 403 for a bad or
 * expired signature, 404 for a file that is not there. `unavailable` says whether the storage answers at all.
 */
export async function startDownloadServer(readFile: ReadFile, unavailable: () => boolean): Promise<DownloadServer> {
  const key = randomBytes(32);
  const signatureOf = (path: string, expires: string) =>
    createHmac('sha256', key).update(`${path}?${expires}`).digest();

  function answer(url: URL): Answer {
    if (unavailable()) return refuse(503, 'ServiceUnavailable');
    const expires = url.searchParams.get('X-Amz-Expires') ?? '';
    const given = Buffer.from(url.searchParams.get('X-Amz-Signature') ?? '', 'hex');
    const wanted = signatureOf(url.pathname, expires);
    if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return refuse(403, 'SignatureDoesNotMatch');
    if (Date.now() > Number(expires)) return refuse(403, 'AccessDenied');
    const file = readFile(decodeURIComponent(url.pathname.slice(ROOT.length + 1)));
    if (file === undefined) return refuse(404, 'NoSuchKey');
    if (typeof file === 'string') return { status: 200, body: gzipSync(file) };
    if ('bytes' in file) return { status: 200, body: file.bytes };
    return { ...refuse(307, 'TemporaryRedirect'), headers: { location: file.redirect } };
  }

  const server = createServer((request, response) => {
    const { status, body, headers } = answer(new URL(request.url ?? '/', 'http://127.0.0.1'));
    const type = status === 200 ? 'application/octet-stream' : 'application/xml';
    response.writeHead(status, { 'content-type': type, ...headers });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    sign(kind, name, ttlMs) {
      const path = `${ROOT}/${kind}/${encodeURIComponent(name)}`;
      const expires = String(Date.now() + ttlMs);
      return `${url}${path}?X-Amz-Expires=${expires}&X-Amz-Signature=${signatureOf(path, expires).toString('hex')}`;
    },
    close: () => closeServer(server),
  };
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
