import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { APPEND_SCRIPT } from '../../src/adapters/redis-append.ts';
import { RECEIVE_SCRIPT } from '../../src/adapters/redis-inbox.ts';
import { isPush, readWords, takeValues } from './resp.ts';

/** One append to the ledger as it went by, or a change of the inbox. */
export interface SeenAppend {
  type: string;
  /** Empty: of the inbox. */
  eid: string;
  /** What it is about, where it says: a step's id, or a message's or effect's key. */
  about?: string;
  /** The keys of all effects that begin by it. */
  begun?: readonly string[];
}

export interface AppendKill {
  /** Which appends count; left out: those about runs. */
  counts?: (append: SeenAppend) => boolean;
  /** The how manieth of those from now on, the first is 1. */
  n: number;
  /** `before`: Redis never gets it. `after`: Redis took it, and its reply is never passed on; one that it did not take does not count. */
  phase: 'before' | 'after';
  kill(append: SeenAppend): void;
}

export interface RedisProxy {
  url: string;
  /** The appends since the last `arm`, in their order, whatever Redis answered. */
  appends(): SeenAppend[];
  /** Begins to count anew, and kills at that append; left out: only counts. */
  arm(kill?: AppendKill): void;
  close(): Promise<void>;
}

/** What all connections of one proxy have in common. */
interface Watch {
  appends: SeenAppend[];
  kill: AppendKill | undefined;
  /** The append at which the kill is due; it may be on its way to Redis still. */
  deadly: SeenAppend | undefined;
  sockets: Set<Socket>;
}

/** Stands between one process and its Redis. Whoever is killed loses all its connections at that moment. */
export async function startRedisProxy(redisPort: number): Promise<RedisProxy> {
  const watch: Watch = { appends: [], kill: undefined, deadly: undefined, sockets: new Set() };
  const server = createServer({ noDelay: true }, (client) => joinSockets(client, redisPort, watch));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `redis://127.0.0.1:${port}`,
    appends: () => [...watch.appends],
    arm: (kill) => {
      watch.appends = [];
      watch.kill = kill;
      watch.deadly = undefined;
    },
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      cutAll(watch);
      await closed;
    },
  };
}

function joinSockets(client: Socket, redisPort: number, watch: Watch): void {
  const redis = connect({ port: redisPort, host: '127.0.0.1', noDelay: true });
  /** What to do with each reply that is still to come: the commands' order is the replies' order. */
  const replies: ('pass' | 'kill')[] = [];
  for (const [socket, other] of [
    [client, redis],
    [redis, client],
  ] as const) {
    watch.sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => {
      watch.sockets.delete(socket);
      other.destroy();
    });
  }
  /** Behind the deadly append nothing more leaves the process, unless Redis does not take it. */
  let held: Buffer[] = [];
  const pass = (command: Buffer) => {
    if (replies.includes('kill')) return void held.push(command);
    const verdict = judgeCommand(command, watch);
    if (verdict === 'kill-now') return killNow(watch);
    replies.push(verdict);
    redis.write(command);
  };
  onValues(client, pass);
  onValues(redis, (reply) => {
    const isDeadly = !isPush(reply) && replies.shift() === 'kill';
    if (isDeadly && !isConflict(reply)) return killNow(watch);
    client.write(reply);
    if (!isDeadly) return;
    spare(watch);
    const waiting = held;
    held = [];
    waiting.forEach(pass);
  });
}

function onValues(socket: Socket, take: (value: Buffer) => void): void {
  let waiting: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    const { values, rest } = takeValues(Buffer.concat([waiting, chunk]));
    waiting = rest;
    for (const value of values) if (!socket.destroyed) take(value);
  });
}

function judgeCommand(command: Buffer, watch: Watch): 'pass' | 'kill' | 'kill-now' {
  const words = readWords(command);
  const append = readAppend(words) ?? readInbox(words);
  if (append === undefined) return 'pass';
  watch.appends.push(append);
  const { kill, deadly } = watch;
  const { counts = isRunAppend } = kill ?? {};
  if (kill === undefined || deadly !== undefined || !counts(append)) return 'pass';
  if (watch.appends.filter(counts).length !== kill.n) return 'pass';
  watch.deadly = append;
  return kill.phase === 'before' ? 'kill-now' : 'kill';
}

/** Messages and incidents have kill points of their own: they come in between the run's own appends as time has it. */
export function isRunAppend({ type }: SeenAppend): boolean {
  return /^(run|step)\./.test(type);
}

/** The same is written again, at another place. */
function isConflict(reply: Buffer): boolean {
  return readWords(reply)[0] === 'conflict';
}

function spare(watch: Watch): void {
  const { kill } = watch;
  watch.deadly = undefined;
  if (kill !== undefined) watch.kill = { ...kill, n: kill.n + 1 };
}

function killNow(watch: Watch): void {
  const { kill, deadly } = watch;
  watch.kill = undefined;
  watch.deadly = undefined;
  if (deadly !== undefined) kill?.kill(deadly);
  cutAll(watch);
}

function cutAll({ sockets }: Watch): void {
  for (const socket of [...sockets]) socket.destroy();
}

/** EVAL script, number of keys, keys..., ARGV as the script's own comment lists them. */
function readAppend([verb, script, keys, ...words]: string[]): SeenAppend | undefined {
  if (verb?.toLowerCase() !== 'eval' || script !== APPEND_SCRIPT) return undefined;
  const event = JSON.parse(words[Number(keys) + 2] ?? '{}') as Partial<SeenAppend> & {
    step?: string;
    key?: string;
    effects?: { key: string }[];
  };
  const { type, eid, step, key, effects } = event;
  if (type === undefined || eid === undefined) throw new Error('This append carries no event');
  const about = step ?? key;
  return {
    ...{ type, eid },
    ...(about === undefined ? {} : { about }),
    ...(effects === undefined ? {} : { begun: effects.map((effect) => effect.key) }),
  };
}

/** What webhooks brought is kept, and dropped once it is in the ledger. */
function readInbox([verb, script]: string[]): SeenAppend | undefined {
  if (verb?.toLowerCase() === 'eval' && script === RECEIVE_SCRIPT) return { type: 'inbox.received', eid: '' };
  return verb?.toLowerCase() === 'xtrim' ? { type: 'inbox.dropped', eid: '' } : undefined;
}
