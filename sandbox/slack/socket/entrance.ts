import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocketServer } from 'ws';
import type { FaultBox, FaultKind } from '../faults.ts';
import type { Workspace } from '../workspace.ts';
import { type Connection, type Ear, holdConnection } from './connection.ts';

/** Where an app's web sockets come in. */
export interface Entrance {
  /** All that have not ended, whether or not Slack has said hello. */
  connections: ReadonlySet<Connection>;
  /** How many there have been. */
  opened(): number;
  /** For `apps.connections.open`: an address that works once. */
  issueUrl(): string;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

export interface EntranceParts {
  workspace: Workspace;
  faults: Pick<FaultBox, 'take'>;
  origin: () => string;
}

/** As Slack: an app may have ten. */
const MOST = 10;
const TICKET_MS = 30_000;

/** Faults on `socket` hit the opening; any on `hello` keeps Slack from saying it, any on `ack` loses what the app acknowledges. */
export function createEntrance({ workspace, faults, origin }: EntranceParts, closing: AbortSignal): Entrance {
  const tickets = new Map<string, number>();
  const connections = new Set<Connection>();
  const server = new WebSocketServer({ noServer: true, autoPong: false, maxPayload: 262_144 });
  const ear: Ear = {
    misfit: (what) => workspace.violations.push(what),
    isLost: (ack) => faults.take('ack', { payload: JSON.stringify(ack['payload'] ?? {}) }) !== undefined,
  };
  let opened = 0;

  function accept(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    server.handleUpgrade(request, socket, head, (webSocket) => {
      opened += 1;
      const connection = holdConnection(webSocket, opened, ear);
      connections.add(connection);
      webSocket.once('close', () => connections.delete(connection));
      if (connections.size > MOST) dismiss(connection);
      else if (faults.take('hello', {}) === undefined) greet(connection, workspace, connections.size);
    });
  }

  async function meet(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const fault = faults.take('socket', {});
    if (fault?.kind === 'slow') await delay(fault.ms, undefined, { signal: closing });
    else if (fault !== undefined) return refuse(socket, fault);
    const ticket = new URL(request.url ?? '/', 'ws://sandbox.invalid').searchParams.get('ticket') ?? '';
    const until = tickets.get(ticket) ?? 0;
    tickets.delete(ticket);
    if (performance.now() < until) accept(request, socket, head);
    else refuse(socket, { kind: 'status', code: 401 });
  }

  return {
    connections,
    opened: () => opened,
    issueUrl: () => {
      const ticket = randomBytes(16).toString('hex');
      tickets.set(ticket, performance.now() + TICKET_MS);
      return `${origin().replace(/^http/, 'ws')}/link/?ticket=${ticket}&app_id=${workspace.appId}`;
    },
    upgrade: (request, socket, head) => {
      socket.on('error', () => undefined);
      meet(request, socket, head).catch(() => socket.destroy());
    },
  };
}

function greet(connection: Connection, { appId }: Workspace, count: number): void {
  connection.open = true;
  connection.send({
    type: 'hello',
    num_connections: count,
    debug_info: { host: 'sandbox', build_number: 1, approximate_connection_time: 18_060 },
    connection_info: { app_id: appId },
  });
}

function dismiss(connection: Connection): void {
  connection.send({ type: 'disconnect', reason: 'too_many_websockets', debug_info: { host: 'sandbox' } });
  connection.close(1000);
}

function refuse(socket: Duplex, fault: FaultKind): void {
  if (fault.kind === 'hang') return;
  if (fault.kind === 'status') socket.end(`HTTP/1.1 ${fault.code} Sandbox\r\nconnection: close\r\n\r\n`);
  else if (fault.kind === 'ratelimited')
    socket.end(`HTTP/1.1 429 Sandbox\r\nretry-after: ${fault.retryAfter}\r\nconnection: close\r\n\r\n`);
  else if (fault.kind === 'garbage') socket.end('HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n<html>Log in</html>');
  else socket.destroy();
}
