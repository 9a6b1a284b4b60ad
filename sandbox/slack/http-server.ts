import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { findFreePort, untilFree } from '../find-free-port.ts';

export interface HttpServer {
  /** `http://127.0.0.1:<port>` */
  origin(): string;
  /** Stops listening and cuts every connection. */
  down(): Promise<void>;
  /** Listens again on the same port. */
  up(): Promise<void>;
  /** Aborted by `down`. */
  closing(): AbortSignal;
}

/** Idle connections last longer than any client keeps them, so that the client is the one who closes. */
const KEEP_ALIVE_MS = 120_000;

type Handle = (request: IncomingMessage, response: ServerResponse) => Promise<void>;
type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

export async function startHttpServer(handle: Handle, upgrade: Upgrade, wantedPort: number): Promise<HttpServer> {
  let running = new AbortController();
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    handle(request, response).catch((error: unknown) => {
      // Cut by a fault or by closing: there is nobody left to tell. Anything else is a mistake in here, and must show.
      if (running.signal.aborted || response.headersSent) response.destroy();
      else response.writeHead(500, { 'content-type': 'text/plain' }).end(`the sandbox failed: ${String(error)}`);
    });
  });
  server.on('upgrade', upgrade);
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
  });

  async function listen(port: number): Promise<number> {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }

  // One that is still free after `down`, however many connections are made meanwhile.
  const port = await listen(wantedPort === 0 ? await findFreePort() : wantedPort);
  return {
    origin: () => `http://127.0.0.1:${port}`,
    closing: () => running.signal,
    async up() {
      if (server.listening) return;
      running = new AbortController();
      await untilFree(port);
      await listen(port);
    },
    async down() {
      running.abort();
      const closed = server.listening ? once(server, 'close') : undefined;
      if (closed !== undefined) server.close();
      const cut = [...sockets].map((socket) => new Promise((resolve) => socket.once('close', resolve).destroy()));
      await Promise.all([closed, ...cut]);
    },
  };
}
