import { type DestinationStream, destination, pino } from 'pino';
import { scrub } from '../domain/scrub.ts';

export interface LogSetup {
  level: string;
  /** Values that must never be written, wherever in a line they stand. */
  secrets: readonly string[];
  /** File descriptor: 1 for a server; 2 for a command, whose answer goes to 1. */
  fd?: number;
}

/** JSON lines. Secrets are cut out of the finished line by value: pino's own redaction knows paths only and misses message text. */
export function createLog({ level, secrets, fd = 1 }: LogSetup) {
  const out = destination({ fd, sync: true });
  const scrubbed: DestinationStream = { write: (line) => out.write(scrub(line, secrets)) };
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, scrubbed);
}
