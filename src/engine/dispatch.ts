import type { Command, CommandContext, Doctor, Reply, RunEngine } from '../contracts.ts';
import { type AccessDecision, decideAccess, decideReading, decideResponding } from '../domain/access.ts';
import { type Actor, renderActor } from '../domain/actor.ts';
import { quoteToken, tokenize } from '../domain/command-line.ts';
import type { Policy } from '../domain/policy.ts';
import type { Origin } from '../domain/run-events.ts';
import { readMarkup } from '../domain/slack-markup.ts';
import { coerceError, DrError } from '../errors.ts';
import type { IncidentEngine } from '../incident-contracts.ts';
import type { Clock, Ledger } from '../ports.ts';
import type { EngineDeps } from './deps.ts';
import { parseCommand } from './parse-command.ts';

export interface DispatchDeps extends Pick<EngineDeps, 'clusters' | 'homes' | 'download'> {
  commands: ReadonlyMap<string, Command>;
  policy: Policy | undefined;
  ledger: Ledger;
  clock: Clock;
  runs: RunEngine;
  incidents: IncidentEngine;
  doctor: Doctor;
}

/**
 * The one door: slash commands, buttons, the terminal and the tests all come in here, as a line of text or as words. Who acts is
 * checked each time; a reply with `ok: false` says what to do next. It never throws.
 */
export async function dispatch(
  deps: DispatchDeps,
  line: string | readonly string[],
  actor: Actor,
  signal: AbortSignal,
  origin?: Origin,
): Promise<Reply> {
  let pages = false;
  try {
    const words = splitLine(plainLine(line, actor));
    const asked = words.length === 0 ? ['help'] : askedForHelp(words);
    const { command, args } = parseCommand(asked, deps.commands);
    pages = command.pages === true;
    if (command.open !== true) demand(actor, decideReading(deps.policy, actor));
    const context: CommandContext = {
      actor,
      origin,
      text: asked.map(quoteToken).join(' '),
      ledger: deps.ledger,
      clock: deps.clock,
      runs: deps.runs,
      incidents: deps.incidents,
      commands: deps.commands,
      policy: deps.policy,
      openCluster: async (name) => ({
        ...{ homes: deps.homes, clock: deps.clock, download: deps.download, signal },
        cluster: await deps.clusters(name),
      }),
      doctor: deps.doctor,
      authorize: (action, target) => demand(actor, decideAccess(deps.policy, actor, action, target)),
      authorizeResponding: () => demand(actor, decideResponding(deps.policy, actor)),
      signal,
    };
    return await command.handle(args, context);
  } catch (thrown) {
    return renderFailure(coerceError(thrown), pages);
  }
}

/** Words from a shell pass the same tokenizer as a line: the same limits, no control characters. */
function plainLine(line: string | readonly string[], actor: Actor): string {
  if (typeof line !== 'string') return line.map(quoteToken).join(' ');
  return actor.kind === 'slack' ? readMarkup(line) : line;
}

function splitLine(line: string): string[] {
  const split = tokenize(line);
  if ('tokens' in split) return split.tokens;
  throw new DrError({
    code: 'COMMAND_INVALID',
    message: `${split.problem} (at character ${split.at + 1}).`,
    action: 'Correct the command; nothing was started.',
  });
}

/** `--help` and `-h` anywhere ask for the command's help. */
function askedForHelp(words: readonly string[]): readonly string[] {
  if (!words.some((word) => word === '--help' || word === '-h')) return words;
  return ['help', ...words.filter((word) => !word.startsWith('-')).slice(0, 2)];
}

function demand(actor: Actor, decision: AccessDecision): void {
  if (decision.allowed) return;
  throw new DrError({
    code: 'ACCESS_DENIED',
    message: `${renderActor(actor)}: ${decision.why}`,
    action: decision.action,
  });
}

/** `pages`: somebody was to be paged. */
function renderFailure(error: DrError, pages: boolean): Reply {
  const call =
    pages && error.code === 'LEDGER_UNREACHABLE' ? ['NOBODY is known to have been paged by it: call them.'] : [];
  return {
    ok: false,
    lines: [error.message, ...call, `Next: ${error.action}`],
    data: { error: { code: error.code, message: error.message, action: error.action } },
  };
}
