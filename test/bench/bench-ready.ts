import { request } from 'node:http';
import type { Measured } from './measure.ts';
import { openStage, type Stage } from './open-stage.ts';

const ROUNDS = 5;
const LIMIT_MS = 2_000;
const GIVE_UP_MS = 30_000;
const LOOK_MS = 5;

/** From the start of the bot's process until it says that it is ready: Redis, the cluster and Slack answered it. */
export async function benchReady(): Promise<Measured> {
  const stage = await openStage();
  try {
    // The first start compiles; its code is kept for the others.
    await startOnce(stage);
    const rounds: Awaited<ReturnType<typeof startOnce>>[] = [];
    for (let round = 0; round < ROUNDS; round += 1) rounds.push(await startOnce(stage));
    return {
      bounds: [
        { what: 'start to /healthz 200', limit: LIMIT_MS, rounds: rounds.map(({ healthMs }) => healthMs) },
        { what: 'start to /readyz 200', limit: LIMIT_MS, rounds: rounds.map(({ readyMs }) => readyMs) },
      ],
      notes: [],
    };
  } finally {
    await stage.close();
  }
}

async function startOnce({ sandbox }: Stage): Promise<{ healthMs: number; readyMs: number }> {
  const base = `http://127.0.0.1:${sandbox.env['PORT']}`;
  const startedAt = performance.now();
  sandbox.startBot();
  const [healthMs, readyMs] = await Promise.all(
    ['/healthz', '/readyz'].map((path) => until200(`${base}${path}`, startedAt)),
  );
  await sandbox.killBot();
  return { healthMs: healthMs ?? 0, readyMs: readyMs ?? 0 };
}

async function until200(url: string, startedAt: number): Promise<number> {
  while (performance.now() - startedAt < GIVE_UP_MS) {
    if ((await statusOf(url)) === 200) return performance.now() - startedAt;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  throw new Error(`${url} was not 200 within ${GIVE_UP_MS / 1_000} s`);
}

/** A connection of its own each time; undefined where nobody answers. */
function statusOf(url: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const asked = request(url, { agent: false, timeout: 5_000 }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    asked.on('timeout', () => asked.destroy());
    asked.on('error', () => resolve(undefined));
    asked.end();
  });
}
