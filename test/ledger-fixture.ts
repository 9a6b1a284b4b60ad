import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';

/** Streams that other versions of Muster wrote, as `dr export` prints them; one file each, in test/fixtures/ledger. */

interface Line {
  stream: string;
  id: string;
  /** A text that is no JSON stands for itself. */
  event: { type?: string; at?: number; request?: { target?: { cluster: string; namespace: string } } } | string;
}

/** What ends a stream, but for its messages, which every fixture leaves as they are. */
const TERMINAL = ['refused', 'rejected', 'expired', 'aborted', 'succeeded', 'failed']
  .map((end) => `run.${end}`)
  .concat('incident.ended');

/** Puts a file's streams into Redis with all that the version which wrote them would have kept beside them. */
export async function plantLedger(url: string, file: string, installation: string): Promise<string[]> {
  const text = await readFile(join(import.meta.dirname, 'fixtures/ledger', `${file}.jsonl`), 'utf8');
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line): Line => JSON.parse(line.replaceAll('INSTALLATION', installation)));
  const redis = new Redis(url);
  for (const { stream, id, event } of lines) {
    const written = typeof event === 'string' ? event : JSON.stringify(event);
    await redis.xadd(`{muster}:stream:${stream}`, id, 'eid', `${stream}-${id}`, 'event', written);
  }
  const streams = [...new Set(lines.map(({ stream }) => stream))];
  for (const stream of streams) await index(redis, stream, lines);
  redis.disconnect();
  return streams;
}

async function index(redis: Redis, stream: string, lines: readonly Line[]): Promise<void> {
  const events = lines
    .filter((line) => line.stream === stream)
    .flatMap(({ event }) => (typeof event === 'string' ? [] : [event]));
  const over = events.some(({ type = '' }) => TERMINAL.includes(type));
  if (!over) await redis.sadd('{muster}:unfinished', stream);
  const [first] = events;
  if (stream.startsWith('incident-')) {
    await redis.zadd('{muster}:incidents', first?.at ?? 0, stream);
    if (!over) await redis.sadd('{muster}:open-incidents', stream);
  }
  if (!stream.startsWith('run-') || first === undefined) return;
  await redis.zadd('{muster}:recent', first.at ?? 0, stream);
  const target = `${first.request?.target?.cluster}/${first.request?.target?.namespace}`;
  if (!over) await redis.sadd(`{muster}:runs-on:${target}`, stream);
  if (!over && events.some(({ type }) => type === 'run.started')) await redis.set(`{muster}:target:${target}`, stream);
}
