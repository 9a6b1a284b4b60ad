import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a route answers. */
export interface HttpAnswer {
  status: number;
  body: string;
  contentType?: string;
}

/** Routes by `METHOD /path`. */
export type HttpRoutes = Record<string, (request: IncomingMessage) => Promise<HttpAnswer>>;

export interface HttpServer {
  port: number;
  close(): Promise<void>;
}

/** Listens at once, whatever else is down. A handler that throws is a 500 without details. @throws the listen error, such as EADDRINUSE */
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
      .then((it) => send(response, it))
      .catch(onTrouble);
  });
  server.requestTimeout = 10_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
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

async function answer(routes: HttpRoutes, request: IncomingMessage): Promise<HttpAnswer> {
  const path = (request.url ?? '/').split('?')[0];
  const route = routes[`${request.method} ${path}`];
  if (route !== undefined) return route(request);
  const other = Object.keys(routes).find((name) => name.endsWith(` ${path}`));
  return other === undefined
    ? { status: 404, body: 'There is nothing here.\n' }
    : { status: 405, body: `Use ${other}.\n` };
}

function send(response: ServerResponse, { status, body, contentType = 'text/plain; charset=utf-8' }: HttpAnswer): void {
  response.writeHead(status, { 'content-type': contentType, 'content-length': Buffer.byteLength(body) }).end(body);
}
