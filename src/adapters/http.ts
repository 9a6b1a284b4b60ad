import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DrError } from '../errors.ts';

/** What a route answers. */
export interface HttpAnswer {
  status: number;
  body: string;
  contentType?: string;
  /** By lower-case name. */
  headers?: Record<string, string>;
}

export interface BodyLimits {
  maxBytes: number;
  /** The media types that are taken, without parameters; anything compressed is not. */
  contentTypes: readonly string[];
  /** How long the body may take, ms. */
  timeoutMs?: number;
}

/** The body as it came, byte for byte, or the refusal to answer with: 400 cut off, 408 too slow, 413 too large, 415 another type. */
export type ReadBody = (limits: BodyLimits) => Promise<Buffer | HttpAnswer>;

/** Routes by `METHOD /path`. */
export type HttpRoutes = Record<string, (request: IncomingMessage, readBody: ReadBody) => Promise<HttpAnswer>>;

/** How long the rest of a refused body is read and thrown away, ms. */
const LINGER_MS = 1_000;

export interface HttpServer {
  port: number;
  close(): Promise<void>;
}

/** Listens at once, whatever else is down. A handler that throws is a 500 without details. @throws CONFIG_INVALID: the address is taken; any other listen error as it is */
export async function startHttp(
  host: string,
  port: number,
  routes: HttpRoutes,
  onTrouble: (error: unknown) => void,
): Promise<HttpServer> {
  const server = createServer((request, response) => {
    answer(routes, request)
      .catch((error: unknown) => {
        onTrouble(error);
        return { status: 500, body: 'Something went wrong; the log says what.\n' } satisfies HttpAnswer;
      })
      .then((it) => send(request, response, it))
      .catch(onTrouble);
  });
  server.requestTimeout = 10_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(explainListen(error, host, port)));
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function explainListen(error: NodeJS.ErrnoException, host: string, port: number): Error {
  if (error.code !== 'EADDRINUSE') return error;
  return new DrError({
    code: 'CONFIG_INVALID',
    message: `Port ${port} of ${host} is taken: another Muster, or another program, listens there.`,
    action: 'Stop that one, or set PORT to a free port.',
    cause: error,
  });
}

async function answer(routes: HttpRoutes, request: IncomingMessage): Promise<HttpAnswer> {
  const path = (request.url ?? '/').split('?')[0];
  const route = routes[`${request.method} ${path}`];
  if (route !== undefined) return route(request, (limits) => readBody(request, limits));
  const other = Object.keys(routes).find((name) => name.endsWith(` ${path}`));
  return other === undefined
    ? { status: 404, body: 'There is nothing here.\n' }
    : { status: 405, body: `Use ${other}.\n` };
}

async function readBody(request: IncomingMessage, limits: BodyLimits): Promise<Buffer | HttpAnswer> {
  const { maxBytes, contentTypes, timeoutMs = 5_000 } = limits;
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (!contentTypes.includes(type) || request.headers['content-encoding'] !== undefined) {
    return { status: 415, body: `Send ${contentTypes.join(' or ')}, uncompressed.\n` };
  }
  const tooLarge = { status: 413, body: `The body is larger than ${maxBytes} bytes.\n` };
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return tooLarge;
  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise((resolve) => {
    const settle = (result: Buffer | HttpAnswer) => {
      clearTimeout(timer);
      request.removeListener('data', take).pause();
      resolve(result);
    };
    const take = (chunk: Buffer) => {
      size += chunk.length;
      chunks.push(chunk);
      if (size > maxBytes) settle(tooLarge);
    };
    const timer = setTimeout(() => settle({ status: 408, body: 'The body did not come in time.\n' }), timeoutMs);
    request.on('data', take);
    request.once('end', () => settle(Buffer.concat(chunks)));
    request.once('error', () => settle({ status: 400, body: 'The body was cut off.\n' }));
  });
}

/** A connection with an unread rest of a body cannot carry another request. */
function send(request: IncomingMessage, response: ServerResponse, answer: HttpAnswer): void {
  const { status, body, contentType = 'text/plain; charset=utf-8', headers } = answer;
  response.writeHead(status, {
    ...headers,
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
    ...(request.complete ? {} : { connection: 'close' }),
  });
  response.write(body);
  if (request.complete) return void response.end();
  // Whoever is still sending would meet a reset before they read why.
  const close = () => {
    clearTimeout(timer);
    response.end();
  };
  const timer = setTimeout(close, LINGER_MS);
  request.once('end', close).once('close', close).resume();
}
