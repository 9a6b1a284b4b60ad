import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';

interface Range {
  first: number;
  end: number;
}

/** What Linux gives to whoever connects somewhere; a file of two numbers, of which the second is one of them. */
const EPHEMERAL = '/proc/sys/net/ipv4/ip_local_port_range';
/** Where the system does not say: below what any common one gives away. */
const USUAL: Range = { first: 10_100, end: 15_000 };
/** Below are the ports of well-known servers, which `fetch` refuses as "bad port": https://fetch.spec.whatwg.org/#port-blocking */
const LOWEST = 10_100;
const HIGHEST = 65_535;
/** Among fewer, two that choose at the same time would meet too often. */
const LEAST_CHOICE = 1_000;
const LOOK_AGAIN_MS = 50;
const LOOPBACK = '127.0.0.1';

/**
 * A port of a loopback address on which nobody listens, and which the system gives to no connection: a server that goes down and comes
 * back there finds it free.
 */
export async function findFreePort(host = LOOPBACK): Promise<number> {
  const { first, end } = choosePorts(readEphemeral());
  for (;;) {
    const port = randomInt(first, end);
    if (await isFree(host, port)) return port;
  }
}

/** Waits until nobody has the port, not even a connection that somebody made from it. @throws Error after `limitMs` */
export async function untilFree(port: number, limitMs = 30_000): Promise<void> {
  for (const end = Date.now() + limitMs; !(await isFree(LOOPBACK, port)); ) {
    if (Date.now() > end) throw new Error(`port ${port} is somebody else's for ${limitMs / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}

/** The larger side of what is given to connections. */
export function choosePorts(ephemeral: Range | undefined): Range {
  if (ephemeral === undefined) return USUAL;
  const below = { first: LOWEST, end: ephemeral.first };
  const above = { first: Math.max(ephemeral.end, LOWEST), end: HIGHEST + 1 };
  const larger = below.end - below.first >= above.end - above.first ? below : above;
  return larger.end - larger.first >= LEAST_CHOICE ? larger : USUAL;
}

function readEphemeral(): Range | undefined {
  try {
    const [first, last] = readFileSync(EPHEMERAL, 'utf8').trim().split(/\s+/).map(Number);
    return first !== undefined && last !== undefined && last >= first ? { first, end: last + 1 } : undefined;
  } catch {
    return undefined;
  }
}

function isFree(host: string, port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}
