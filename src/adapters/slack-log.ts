import { type Logger, LogLevel } from '@slack/bolt';

/** What the adapter writes to; lines hold ids and Slack's own words, never what people wrote, and no token. */
export interface SlackLog {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

/** The client says this for every request that fails, and throws: whoever called it tells, once for as long as it lasts. */
const THROWN_TOO = 'http request failed';

/** Slack's libraries log through ours, warnings and errors only: what they say at lower levels holds whole bodies. */
export function bridgeLog(log: SlackLog): Logger {
  const say = (said: unknown[]) => ({ said: said.map(shorten).join(' ') });
  return {
    debug: () => undefined,
    info: () => undefined,
    warn: (...said) => (said[0] === THROWN_TOO ? undefined : log.warn(say(said), "Slack's library warns")),
    error: (...said) => log.error(say(said), "Slack's library reports an error"),
    setLevel: () => undefined,
    getLevel: () => LogLevel.WARN,
    setName: () => undefined,
  };
}

/** Objects are left out: they may be payloads. */
function shorten(said: unknown): string {
  if (said instanceof Error) return `${said.name}: ${said.message.slice(0, 200)}`;
  return typeof said === 'string' ? said.slice(0, 200) : `(${typeof said})`;
}
