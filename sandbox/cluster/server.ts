import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { findFreePort, untilFree } from '../find-free-port.ts';
import { makeCertificates } from './certificates.ts';
import type { Backend } from './dispatch.ts';
import { createFaultBox, type Faults } from './faults.ts';
import { createHandler, type Handler } from './handler.ts';
import { renderKubeconfig } from './kubeconfig.ts';
import type { RequestRecord, WriteListener } from './request-log.ts';

export interface ApiServerOptions extends Backend {
  /** Left out: any free port. */
  port?: number;
  /** Between bookmarks of a watch; left out: a minute. */
  bookmarkMs?: number;
}

export interface ApiServer {
  /** `https://127.0.0.1:<port>` */
  url: string;
  caPem: string;
  token: string;
  /** YAML text with one context, `sandbox`. */
  kubeconfig(): string;
  faults: Faults;
  /** The newest requests, oldest first; `status` is missing until one is answered, and where it never was. */
  requests(): RequestRecord[];
  /** Open TCP connections. */
  connections(): number;
  /** Called around each write that the server takes: before it is done, and once it is stored but not yet answered. */
  onWrite(listener: WriteListener): () => void;
  /** Cuts every connection and frees the port; nothing is left running. */
  close(): Promise<void>;
}

/** Idle connections last longer than any client keeps them, so that the client is the one who closes. */
const KEEP_ALIVE_MS = 120_000;

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

function trackSockets(server: Server): Set<Socket> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // A client that goes away in the middle of a handshake is no concern of ours.
    socket.on('error', () => undefined);
  });
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  return sockets;
}

async function stopListening(server: Server, sockets: Set<Socket>): Promise<void> {
  const closed = server.listening ? once(server, 'close') : undefined;
  if (closed !== undefined) server.close();
  const cut = [...sockets].map((socket) => new Promise((resolve) => socket.once('close', resolve).destroy()));
  await Promise.all([closed, ...cut]);
}

function toListener(handler: Handler) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    handler.handle(request, response).catch(() => response.destroy());
  };
}

/** Starts a Kubernetes API server on the loopback, with its own certificate authority and one bearer token. */
export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const certificates = await makeCertificates();
  const token = randomBytes(24).toString('base64url');
  const faults = createFaultBox();
  const handler = createHandler({ ...options, token, faults, bookmarkMs: options.bookmarkMs ?? 60_000 });
  const server = createServer(
    { cert: certificates.certificatePem, key: certificates.keyPem, keepAliveTimeout: KEEP_ALIVE_MS },
    toListener(handler),
  );
  const sockets = trackSockets(server);
  const port = await listen(server, options.port ?? (await findFreePort()));
  const url = `https://127.0.0.1:${port}`;
  const { caPem } = certificates;
  const down = () => stopListening(server, sockets);
  return {
    url,
    caPem,
    token,
    kubeconfig: () => renderKubeconfig({ url, caPem, token }),
    faults: {
      add: faults.add,
      clear: faults.clear,
      down,
      async up() {
        if (server.listening) return;
        await untilFree(port);
        await listen(server, port);
      },
    },
    requests: handler.requests,
    connections: () => sockets.size,
    onWrite: handler.onWrite,
    close: down,
  };
}
