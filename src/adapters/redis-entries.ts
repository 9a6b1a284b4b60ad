import { IncidentEvent, isIncidentEvent } from '../domain/incident-events.ts';
import type { Entry } from '../domain/ledger.ts';
import { isPostEvent, PostEvent } from '../domain/post-events.ts';
import { RunEvent } from '../domain/run-events.ts';

/** An entry of a Redis Stream: its id, and its fields and values in turn. */
export type RawEntry = [id: string, fields: string[]];

/** How much text of parsed events is remembered, in characters: a plan has some ten thousand. Parsed, it takes several times as much. */
const REMEMBERED = 2_000_000;

/**
 * Parses entries, and remembers what it has parsed: events are never edited, and a stream is read again and again. The same text gives
 * the same object, so nobody may change it.
 */
export function createEntryParser(remembered = REMEMBERED): (raw: RawEntry) => Entry {
  const known = new Map<string, Entry['event']>();
  let size = 0;
  return ([id, fields]) => {
    const text = textOf(fields);
    const event = known.get(text) ?? parseEvent(text);
    if (!known.delete(text)) size += text.length;
    known.set(text, event);
    for (const oldest of known.keys()) {
      if (size <= remembered) break;
      known.delete(oldest);
      size -= oldest.length;
    }
    return { id, event };
  };
}

/** The event as it was written. */
export function textOf(fields: readonly string[]): string {
  return fields[fields.indexOf('event') + 1] ?? '';
}

/** An event of a type or version we do not know stays in its place as `foreign`. */
function parseEvent(text: string): Entry['event'] {
  const written = readJson(text);
  if (written === undefined) return { type: 'foreign', wrote: 'something unreadable' };
  const { type, v } = written;
  const parsed = schemaOf({ type: String(type) }).safeParse(written);
  return parsed.success ? parsed.data : { type: 'foreign', wrote: `${String(type)} v${String(v)}` };
}

function schemaOf(event: { type: string }) {
  if (isPostEvent(event)) return PostEvent;
  return isIncidentEvent(event) ? IncidentEvent : RunEvent;
}

/** undefined for what is no object: whoever wrote it, it must not stop the loop. */
function readJson(text: string): { type?: unknown; v?: unknown } | undefined {
  try {
    const written: unknown = JSON.parse(text);
    return typeof written === 'object' && written !== null ? written : undefined;
  } catch {
    return undefined;
  }
}
