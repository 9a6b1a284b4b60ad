import { userInfo } from 'node:os';
import { createLog } from '../../src/adapters/pino-log.ts';
import { compose, type Muster, type Surroundings } from '../../src/compose.ts';
import { loadConfig } from '../../src/config.ts';
import { sayInWords } from '../../src/domain/modal.ts';
import { start } from '../../src/main.ts';
import { createMovableClock, type MovableClock } from './clock.ts';

/** Muster inside the test's own process, where its clock can be moved. */
export interface Inside {
  clock: MovableClock;
  /** Types a command at the same door as the terminal, as words or as one line of text; code 1 where it was not done. */
  type(words: readonly string[] | string): Promise<{ code: number; text: string }>;
  /** Starts the bot; answers the way to stop it, which `close` goes too. */
  startBot(): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

export type WrapSteps = Surroundings['wrapSteps'];

export async function goInside(env: Record<string, string>, wrapSteps?: WrapSteps): Promise<Inside> {
  const config = loadConfig({ ...env, LOG_LEVEL: 'silent' });
  const clock = createMovableClock();
  const muster = await compose(config, { clock, log: createLog({ level: 'silent', secrets: [] }), wrapSteps });
  const bots: (() => Promise<void>)[] = [];
  return {
    clock,
    type: (words) => typeWords(muster, words),
    startBot: async () => {
      const { stop } = await start(config, { clock, wrapSteps });
      bots.push(stop);
      return stop;
    },
    close: async () => {
      for (const stop of bots) await stop();
      await muster.close();
    },
  };
}

async function typeWords(muster: Muster, words: readonly string[] | string): Promise<{ code: number; text: string }> {
  const { username, uid } = userInfo();
  const reply = await muster.dispatch(words, { kind: 'terminal', account: username, uid }, AbortSignal.timeout(10_000));
  const form = reply.modal === undefined ? [] : [sayInWords(reply.modal)];
  const text = [...reply.lines, ...form, ...(reply.file === undefined ? [] : [reply.file.content])].join('\n');
  return { code: reply.ok ? 0 : 1, text };
}
