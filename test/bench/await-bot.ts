import { eventually, type Stage } from './open-stage.ts';

/** Starts the bot and waits until Redis, the cluster and Slack have answered it. */
export async function startReadyBot(stage: Stage, env: Record<string, string> = {}): Promise<number> {
  const { pid = 0 } = await stage.startBot(env);
  const url = `http://127.0.0.1:${stage.sandbox.env['PORT']}/readyz`;
  await eventually('the bot is ready', async () => {
    const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
    await answer?.body?.cancel();
    return answer?.ok === true || undefined;
  });
  return pid;
}

/** Resolves once Slack has heard nothing for so long, ms. */
export async function untilSlackIsQuiet({ slack }: Stage, quietMs: number, limitMs = 60_000): Promise<void> {
  let lastAt = performance.now();
  const stop = slack.onCall(() => {
    lastAt = performance.now();
  });
  try {
    await eventually('Slack is quiet', () => performance.now() - lastAt > quietMs || undefined, limitMs);
  } finally {
    stop();
  }
}
