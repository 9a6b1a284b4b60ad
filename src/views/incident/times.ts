/** Times of an incident as people read them, absolute and in UTC: a message does not age. */

/** What Date can hold, ms: an alert may claim any time. */
const LATEST_MS = 8.64e15;

/** `17:41:58 UTC` */
export function clockOf(ms: number): string {
  return `${iso(ms).slice(11, 19)} UTC`;
}

/** `17:41 UTC` */
export function minuteOf(ms: number): string {
  return `${iso(ms).slice(11, 16)} UTC`;
}

/** `2026-11-26 17:41:58 UTC` */
export function dateOf(ms: number): string {
  return `${iso(ms).slice(0, 19).replace('T', ' ')} UTC`;
}

/** `07:30`, `1:07:30`: how far the clock of an incident has run. */
export function countOf(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  const rest = `${two(minutes)}:${two(seconds % 60)}`;
  return hours === 0 ? rest : `${hours}:${rest}`;
}

function two(count: number): string {
  return String(count).padStart(2, '0');
}

function iso(ms: number): string {
  const isTime = Math.abs(ms) <= LATEST_MS;
  return isTime ? new Date(ms).toISOString().replace(/^[+-]\d\d/, '') : '????-??-??T??:??:??';
}
