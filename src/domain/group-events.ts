import type { Event } from './kinds-events.ts';

/** What was said about one object for one reason in the same words, however often. */
export interface EventGroup {
  warning: boolean;
  reason: string;
  /** `pod/web-1`. */
  object: string;
  note: string;
  count: number;
  /** When it was said last, in ms since 1970. */
  lastSeen: number;
}

/**
 * When an event was seen last, in ms since 1970. Which field says so depends on who wrote it: `lastTimestamp`, by which kubectl sorts, may be
 * empty (kubernetes issue 36304).
 */
export function lastSeenOf({ series, eventTime, deprecatedLastTimestamp, metadata }: Event): number {
  return Date.parse(series?.lastObservedTime ?? eventTime ?? deprecatedLastTimestamp ?? metadata.creationTimestamp);
}

/** Warnings first, and of each the newest first. */
export function groupEvents(events: readonly Event[]): EventGroup[] {
  const groups = Map.groupBy(events, (event) =>
    JSON.stringify([event.type, event.reason, objectOf(event), event.note]),
  );
  return [...groups.values()]
    .map(mergeGroup)
    .sort((a, b) => (a.warning === b.warning ? b.lastSeen - a.lastSeen : a.warning ? -1 : 1));
}

function mergeGroup(same: readonly Event[]): EventGroup {
  const [first] = same;
  return {
    warning: first?.type === 'Warning',
    reason: first?.reason ?? '',
    object: first === undefined ? '' : objectOf(first),
    note: (first?.note ?? '').replaceAll(/\s+/g, ' ').trim(),
    count: same.reduce((sum, { series, deprecatedCount }) => sum + (series?.count ?? deprecatedCount ?? 1), 0),
    lastSeen: Math.max(...same.map(lastSeenOf)),
  };
}

function objectOf({ regarding }: Event): string {
  return `${(regarding?.kind ?? 'object').toLowerCase()}/${regarding?.name ?? '?'}`;
}
