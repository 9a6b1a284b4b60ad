import { userInfo } from 'node:os';
import { createLog } from './adapters/pino-log.ts';
import { systemClock } from './adapters/system-clock.ts';
import { compose, type Muster } from './compose.ts';
import { listSecrets, loadConfig } from './config.ts';
import type { Reply } from './contracts.ts';
import type { Actor } from './domain/actor.ts';
import { coerceError, DrError } from './errors.ts';
import { exitCodeOf } from './terminal/exit-code.ts';
import { followRun } from './terminal/follow-run.ts';
import { createPrinter, type Printer } from './terminal/printer.ts';
import { splitOptions, type TerminalOptions } from './terminal/terminal-options.ts';
import { readVersion } from './version.ts';

/** The same commands without Slack: for scripts, and for the night on which Slack is down. Sets the exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  const { words, options } = splitOptions(argv);
  if (options.version) return void console.log(await readVersion());
  const printer = createPrinter(process.stdout, options.json);
  try {
    process.exitCode = await runCommand(words, options, printer);
  } catch (thrown) {
    const { code, message, action } = coerceError(thrown);
    printer.fail({ code, message, action });
    process.exitCode = exitCodeOf(code);
  }
}

async function runCommand(words: readonly string[], options: TerminalOptions, printer: Printer): Promise<number> {
  if (options.contradicts) {
    const action = 'Give one of them, or neither: then a terminal waits, and a pipe does not.';
    throw new DrError({ code: 'COMMAND_INVALID', message: '--wait and --no-wait contradict each other.', action });
  }
  const config = loadConfig(process.env);
  const log = createLog({ level: options.verbose ? 'info' : 'error', secrets: listSecrets(config), fd: 2 });
  // One bad file must not keep anybody from `dr status` at 3 a.m., and none from the doctor.
  const onBrokenRunbooks = (problems: string[]) => noteBroken(words, problems);
  const forDoctor = words[0] === 'doctor';
  const muster = await compose(config, { clock: systemClock, log, onBrokenRunbooks, forDoctor });
  const stop = stopOnSignals();
  try {
    const reply = await muster.dispatch(words, terminalActor(), stop);
    printer.reply(reply);
    if (!reply.ok) return exitCodeOf(failureCode(reply));
    return await followReply(muster, reply, options, printer, stop);
  } finally {
    await muster.close();
  }
}

/** The check itself lists them. */
function noteBroken(words: readonly string[], problems: readonly string[]): void {
  if (words[0] === 'runbooks' && words[1] === 'check') return;
  const runbooks = problems.length === 1 ? 'A runbook has a problem' : `Runbooks have ${problems.length} problems`;
  process.stderr.write(`${runbooks}, and Muster does without; see: dr runbooks check\n`);
}

async function followReply(
  muster: Muster,
  { follow }: Reply,
  options: TerminalOptions,
  printer: Printer,
  stop: AbortSignal,
): Promise<number> {
  if (follow === undefined) return 0;
  const byDefault = follow.byDefault && process.stdout.isTTY === true && !options.json;
  if (options.wait ?? byDefault)
    return followRun(muster, follow.run, printer, { patient: options.wait === true, stop });
  if ((await muster.engine.queue.workers()) === 0) {
    printer.note(
      `No Muster is running to do it. Start it (npm start), or do it from here: dr status ${follow.run} --wait`,
    );
  }
  return 0;
}

/** Who acts is the OS account of this process, never what the environment says. */
function terminalActor(): Actor {
  const { username, uid } = userInfo();
  return { kind: 'terminal', account: username, uid };
}

/** The first Ctrl-C ends in order; the second at once. */
function stopOnSignals(): AbortSignal {
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping.signal.aborted) process.exit(130);
      stopping.abort();
    });
  }
  return stopping.signal;
}

function failureCode({ data }: Reply): string | undefined {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return undefined;
  const { error } = data as { error?: { code?: string } };
  return error?.code;
}

if (import.meta.main) await main(process.argv.slice(2));
