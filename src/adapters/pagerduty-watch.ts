import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { ClientRequest, type IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';

/** What the client keeps to itself about its request. */
export interface Watched<T> {
  made: T;
  /** False as long as nothing can have been sent: no address, no connection, or no trusted certificate. */
  mayBeSent(): boolean;
}

const CREATED = 'http.client.request.created';

/** Makes a request and looks at it from Node's side; `make` must begin it before it returns. `onAnswer`: before the client sees the answer. */
export function watchRequest<T>(make: () => T, onAnswer: (answer: IncomingMessage) => void): Watched<T> {
  const seen: ClientRequest[] = [];
  const see = (message: unknown) => {
    if (message instanceof Object && 'request' in message && message.request instanceof ClientRequest)
      seen.push(message.request);
  };
  subscribe(CREATED, see);
  try {
    const made = make();
    const [request] = seen;
    if (request === undefined) return { made, mayBeSent: () => true };
    request.prependOnceListener('response', onAnswer);
    return { made, mayBeSent: watchConnection(request) };
  } finally {
    unsubscribe(CREATED, see);
  }
}

function watchConnection(request: ClientRequest): () => boolean {
  let connected = false;
  request.once('socket', (socket) => {
    if (!socket.connecting) connected = true;
    else
      socket.once(socket instanceof TLSSocket ? 'secureConnect' : 'connect', () => {
        connected = true;
      });
  });
  return () => connected;
}
