import { type DestinationStream, destination, pino } from 'pino';

export interface LogSetup {
  level: string;
  /** Values that must never be written, wherever in a line they stand. */
  secrets: readonly string[];
  /** File descriptor: 1 for a server; 2 for a command, whose answer goes to 1. */
  fd?: number;
}

/** Tokens that Slack and HTTP clients put into messages, whoever they belong to. */
const TOKEN = /\b(xox[a-z]-[\w-]+|xapp-[\w-]+|Bearer\s+[\w.~+/-]+=*)/g;

/** JSON lines. Secrets are cut out of the finished line by value: pino's own redaction knows paths only and misses message text. */
export function createLog({ level, secrets, fd = 1 }: LogSetup) {
  const out = destination({ fd, sync: true });
  const scrubbed: DestinationStream = { write: (line) => out.write(scrub(line, secrets)) };
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, scrubbed);
}

/** The text without any of the secrets, and without anything that looks like a token. */
export function scrub(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const secret of secrets) {
    if (secret.length >= 4)
      clean = clean.replaceAll(secret, '[redacted]').replaceAll(JSON.stringify(secret).slice(1, -1), '[redacted]');
  }
  return clean.replace(TOKEN, '[redacted]');
}
