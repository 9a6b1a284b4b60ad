import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Systems give ports from 32768 on to whoever connects somewhere: those could be taken while a server is between two lives. */
const PORTS = { first: 10_000, end: 32_000 };

/** A loopback port on which nobody listens. */
export async function findFreePort(): Promise<number> {
  for (;;) {
    const port = randomInt(PORTS.first, PORTS.end);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
