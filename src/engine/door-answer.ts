import type { TextFile } from '../domain/chat-message.ts';

/** What somebody in Slack is told. */
export interface DoorAnswer {
  ok: boolean;
  lines: string[];
  /** For the asker alone. */
  file?: TextFile;
}

export function refuse(message: string, action: string): DoorAnswer {
  return { ok: false, lines: [message, `Next: ${action}`] };
}
