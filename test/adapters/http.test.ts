import { once } from 'node:events';
import { request } from 'node:http';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type HttpServer, startHttp } from '../../src/adapters/http.ts';

const limits = { maxBytes: 8, contentTypes: ['text/plain', 'application/json'], timeoutMs: 300 };
const troubles: unknown[] = [];
const refusals: unknown[] = [];
let server: HttpServer;
beforeAll(async () => {
  const routes = {
    'POST /echo': async (
      _request: unknown,
      readBody: (of: typeof limits) => Promise<Buffer | { status: number; body: string }>,
    ) => {
      const body = await readBody(limits);
      if (Buffer.isBuffer(body)) return { status: 200, body: body.toString('hex') };
      refusals.push(body.status);
      return body;
    },
  };
  server = await startHttp('127.0.0.1', 0, routes, (error) => void troubles.push(error));
});
afterAll(() => server.close());

const post = (
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = { 'content-type': 'text/plain' },
) => fetch(`http://127.0.0.1:${server.port}/echo`, { method: 'POST', headers, body });

test('a body comes through byte for byte, up to the cap', async () => {
  const bytes = new Uint8Array([0, 255, 13, 10, 239, 187, 191, 128]);
  const response = await post(bytes, { 'content-type': 'Text/Plain; charset=utf-8' });
  expect(await response.text()).toBe(Buffer.from(bytes).toString('hex'));
  expect(await (await post('')).text()).toBe('');
});

test('what is not taken is named', async () => {
  expect((await post('123456789')).status).toBe(413);
  expect((await post('1', { 'content-type': 'text/plainer' })).status).toBe(415);
  expect((await post('1', { 'content-type': 'text/plain', 'content-encoding': 'br' })).status).toBe(415);
  expect(await (await post('1', { 'content-type': 'image/png' })).text()).toContain('text/plain or application/json');
});

/** Begins a request and leaves it unfinished. */
function begin(chunk: string) {
  const headers = { 'content-type': 'text/plain', 'transfer-encoding': 'chunked' };
  const sending = request({ port: server.port, host: '127.0.0.1', path: '/echo', method: 'POST', headers });
  sending.on('error', () => undefined);
  sending.write(chunk);
  return sending;
}

test.each([
  ['too much is told as soon as it is there', '123456789', 413],
  ['too slow', '1', 408],
])('%s, and the connection is not used again', async (_name, chunk, status) => {
  const sending = begin(chunk);
  const [response] = await once(sending, 'response');
  expect(response.statusCode).toBe(status);
  expect(response.headers.connection).toBe('close');
  response.resume();
  sending.destroy();
});

test('a body that is cut off troubles nobody', async () => {
  refusals.length = 0;
  const sending = begin('1');
  await new Promise((resolve) => setTimeout(resolve, 50));
  sending.destroy();
  await vi.waitFor(() => expect(refusals).toEqual([400]));
  expect((await post('1')).status).toBe(200);
  expect(troubles).toEqual([]);
});

test('a port that is taken is said so, with what to do', async () => {
  await expect(startHttp('127.0.0.1', server.port, {}, () => undefined)).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringContaining(`Port ${server.port} of 127.0.0.1 is taken`),
  });
});
