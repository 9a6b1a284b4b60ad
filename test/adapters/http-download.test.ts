import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { download } from '../../src/adapters/http-download.ts';

let server: Server;
let host: string;
const hits: string[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    hits.push(request.url ?? '');
    const path = new URL(request.url ?? '/', 'http://x').pathname;
    if (path === '/good') return response.end(gzipSync('{"a":1}'));
    if (path === '/bomb') return response.end(gzipSync(Buffer.alloc(4_000_000)));
    if (path === '/large') return response.end(Buffer.alloc(50_000));
    if (path === '/plain') return response.end('not gzip');
    if (path === '/cut')
      return response.writeHead(200, { 'content-length': '100' }).write('x', () => response.destroy());
    if (path === '/away') return response.writeHead(302, { location: '/good' }).end();
    if (path === '/silent') return undefined;
    return response.writeHead(Number(path.slice(1))).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});

function get(path: string, hosts = [host], signal = AbortSignal.timeout(5_000)): Promise<string> {
  return download(
    { url: `http://${host}${path}?X-Amz-Signature=hush`, hosts, maxBytes: 20_000, maxUnpackedBytes: 1_000_000 },
    signal,
  );
}

describe('files from object storage', () => {
  test('are unpacked', async () => {
    expect(await get('/good')).toBe('{"a":1}');
  });

  test.each([
    ['/404', 'STORAGE_MISSING', false],
    ['/403', 'STORAGE_REFUSED', false],
    ['/500', 'STORAGE_UNREACHABLE', true],
    ['/429', 'STORAGE_UNREACHABLE', true],
    ['/away', 'STORAGE_REFUSED', false],
    ['/large', 'STORAGE_REFUSED', false],
    ['/bomb', 'STORAGE_REFUSED', false],
    ['/plain', 'STORAGE_REFUSED', false],
    ['/cut', 'STORAGE_UNREACHABLE', true],
  ])('%s is %s, and the signature is in no message', async (path, code, retryable) => {
    const error = await get(path).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code, retryable });
    expect(String(error)).not.toContain('hush');
  });

  test('of another host than the location are not even asked for', async () => {
    const before = hits.length;
    await expect(get('/good', ['minio.example:9000'])).rejects.toMatchObject({
      code: 'STORAGE_REFUSED',
      message: expect.stringContaining('minio.example:9000'),
    });
    await expect(get('/good', ['*.amazonaws.com'])).rejects.toMatchObject({ code: 'STORAGE_REFUSED' });
    await expect(get('/good', [])).rejects.toMatchObject({ code: 'STORAGE_REFUSED' });
    expect(hits.length).toBe(before);
  });

  test('a storage that never answers is given up', async () => {
    await expect(get('/silent', [host], AbortSignal.timeout(150))).rejects.toMatchObject({
      code: 'STORAGE_UNREACHABLE',
    });
  });
});
