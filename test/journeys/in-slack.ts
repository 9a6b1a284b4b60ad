import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { createLog } from '../../src/adapters/pino-log.ts';
import { compose } from '../../src/compose.ts';
import { loadConfig } from '../../src/config.ts';
import type { Actor } from '../../src/domain/actor.ts';
import type { World } from './world.ts';

/** Muster as Slack reaches it, under a policy of its own: the door alone, without Slack. */
export interface InSlack {
  /** Types a line as a Slack member; `groups`: what Slack says they are in, undefined where it could not say. */
  type(line: string, user: string, groups?: string[]): Promise<{ ok: boolean; text: string }>;
  /** The same under this policy in the terminal, as this test's account. */
  typeAtTerminal(line: string): Promise<{ ok: boolean; text: string }>;
  close(): Promise<void>;
}

export async function goInSlack({ sandbox, inside }: World, policy: string): Promise<InSlack> {
  const file = join(tmpdir(), `muster-policy-${process.pid}-${Date.now()}.yaml`);
  writeFileSync(file, policy);
  const config = loadConfig({ ...sandbox.env, POLICY_FILE: file, LOG_LEVEL: 'silent' });
  const muster = await compose(config, { clock: inside.clock, log: createLog({ level: 'silent', secrets: [] }) });
  const say = async (line: string, actor: Actor) => {
    const { ok, lines } = await muster.dispatch(line, actor, AbortSignal.timeout(10_000));
    return { ok, text: lines.join('\n') };
  };
  return {
    type: (line, user, groups) => say(line, { kind: 'slack', user, ...(groups === undefined ? {} : { groups }) }),
    typeAtTerminal: (line) => {
      const { username, uid } = userInfo();
      return say(line, { kind: 'terminal', account: username, uid });
    },
    close: async () => {
      await muster.close();
      rmSync(file, { force: true });
    },
  };
}
