import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createLog } from '../../src/adapters/pino-log.ts';
import { systemClock } from '../../src/adapters/system-clock.ts';
import { compose, type Muster } from '../../src/compose.ts';
import { loadConfig } from '../../src/config.ts';
import type { Reply } from '../../src/contracts.ts';
import type { Actor } from '../../src/domain/actor.ts';

export const ROOT = join(import.meta.dirname, '../..');

const AT_HOME: Actor = { kind: 'terminal', account: 'alice', uid: 1000 };
export const IN_SLACK: Actor = { kind: 'slack', user: 'U0ALICE01', groups: [] };

/** Muster without anything around it: no Redis, no cluster, no policy, so that everybody may read. */
export async function openDoor(
  env: Record<string, string> = {},
): Promise<{ muster: Muster; type(line: string, actor?: Actor): Promise<Reply>; broken: string[] }> {
  const broken: string[] = [];
  const config = loadConfig({ REDIS_URL: 'redis://127.0.0.1:1', ...env });
  const log = createLog({ level: 'silent', secrets: [] });
  const onBrokenRunbooks = (problems: string[]) => void broken.push(...problems);
  const muster = await compose(config, { clock: systemClock, log, onBrokenRunbooks });
  onTestFinished(() => muster.close());
  return { muster, broken, type: (line, actor = AT_HOME) => muster.dispatch(line, actor, AbortSignal.timeout(10_000)) };
}
