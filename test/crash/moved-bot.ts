import { readFileSync } from 'node:fs';
import { systemClock } from '../../src/adapters/system-clock.ts';
import { loadConfig } from '../../src/config.ts';
import { start } from '../../src/main.ts';
import type { Clock } from '../../src/ports.ts';

/** The bot under a clock that is ahead of real time by as many ms as the file `CLOCK_AHEAD` says, now and after any crash. */

const FILE = process.env['CLOCK_AHEAD'] ?? '';
/** How soon a sleeper notices that the clock was moved, ms. */
const NOTICE_MS = 100;

const now = () => Date.now() + Number(readFileSync(FILE, 'utf8'));

const clock: Clock = {
  now,
  sleep: async (ms, signal) => {
    for (let left = ms, end = now() + ms; left > 0 && !signal.aborted; left = end - now())
      await systemClock.sleep(Math.min(left, NOTICE_MS), signal);
  },
};

await start(loadConfig(process.env), { clock });
