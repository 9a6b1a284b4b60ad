import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

/** Starts an entry with these words; `print` gets all that it writes, `env` comes beside what every process here gets. */
export type Launch = (
  entry: 'main' | 'cli',
  words: readonly string[],
  print: (text: string) => void,
  env: Record<string, string>,
) => ChildProcess;

export interface Launcher {
  launch: Launch;
  /** Moves the clocks of the bots on by so many milliseconds, of those too that are started later. */
  moveClocks(ms: number): void;
  /** kill -9 of all that still run. */
  killAll(): Promise<void>;
}

const ROOT = join(import.meta.dirname, '..');
const BOT_WITH_CLOCK = join(import.meta.dirname, 'demo/bot-with-clock.ts');

/** The bot and `dr` as processes of their own. `movable`: the bot's clock comes from here, by an entry of the sandbox. */
export function createLauncher(env: Record<string, string>, movable: boolean): Launcher {
  const children = new Set<ChildProcess>();
  let ahead = 0;
  return {
    launch: (entry, words, print, more) => {
      const moves = movable && entry === 'main';
      const script = moves ? [BOT_WITH_CLOCK] : [join(ROOT, 'bin/run.js'), entry];
      const child = spawn(process.execPath, [...script, ...words], {
        env: { ...env, ...more },
        stdio: ['ignore', 'pipe', 'pipe', ...(moves ? (['ipc'] as const) : [])],
        // Of its own group: a Ctrl-C in the terminal reaches the sandbox, which then ends its children.
        detached: true,
      });
      children.add(child);
      child.once('exit', () => children.delete(child));
      for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', print);
      if (moves && ahead > 0) child.send(ahead);
      return child;
    },
    moveClocks: (ms) => {
      ahead += ms;
      for (const child of children) if (child.connected) child.send(ms);
    },
    killAll: async () => void (await Promise.all([...children].map(killProcess))),
  };
}

/** kill -9, and wait until it is gone; a process that has ended already is no error. */
export async function killProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = exitOf(child);
  child.kill('SIGKILL');
  await ended;
}

/** Its exit code once it has ended; -1 for one that was killed. */
export function exitOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => child.once('close', (code) => resolve(code ?? -1)));
}
