import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SLOT_MINUTES, TOLD_IN } from './act-incident.ts';

/** What a bot that drives incidents is started with. */
export interface IncidentScene {
  entry: string;
  env: Record<string, string>;
  /** The file that says how far its clock is ahead, ms. */
  clock: string;
  remove(): void;
}

export function openIncidentScene(): IncidentScene {
  const folder = mkdtempSync(join(tmpdir(), 'muster-crash-clock-'));
  const clock = join(folder, 'ahead');
  return {
    entry: join(import.meta.dirname, 'moved-bot.ts'),
    env: {
      CLOCK_AHEAD: clock,
      STATUS_UPDATE_MINUTES: String(SLOT_MINUTES),
      SLACK_STAKEHOLDERS_CHANNEL: TOLD_IN,
    },
    clock,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
