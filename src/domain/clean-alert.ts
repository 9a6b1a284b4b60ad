import { createHash } from 'node:crypto';
import type { Alert } from './alert.ts';

/** Whatever a sender writes, an alert stays small and is one line: how much of each text is kept, in characters. */
const MOST = { name: 200, summary: 500, url: 2_000, label: 100, value: 300, id: 200 };
const MOST_LABELS = 40;

/** Control and direction characters, by which a text could write over what a person reads. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g;

/** One line without control characters, at most so many characters long; what is cut off ends in an ellipsis. */
export function cleanText(text: string, most: number): string {
  // Looks no further than can matter: a label may be megabytes.
  const line = text
    .slice(0, most * 4)
    .toWellFormed()
    .replace(CONTROL, ' ')
    .trim();
  return line.length <= most ? line : `${line.slice(0, most - 1).toWellFormed()}…`;
}

/** The alert with every text cut to a sensible length; an id that is too long becomes its hash, so that it stays the same. */
export function cleanAlert(alert: Alert): Alert {
  const { name, summary, labels, groupKey, url, pager, fingerprint, ...rest } = alert;
  const shownName = cleanText(name, MOST.name) || 'alert';
  const link = url === undefined ? undefined : cleanLink(url);
  return {
    ...rest,
    fingerprint: cleanId(fingerprint),
    name: shownName,
    summary: cleanText(summary, MOST.summary) || shownName,
    labels: cleanLabels(labels),
    ...(groupKey === undefined ? {} : { groupKey: cleanId(groupKey) }),
    ...(link === undefined ? {} : { url: link }),
    ...(pager === undefined ? {} : { pager: cleanPager(pager) }),
  };
}

/** As it is, or its hash where it is too long to keep or holds what should not be shown. */
export function cleanId(id: string): string {
  return id !== '' && id === cleanText(id, MOST.id) ? id : `sha256-${createHash('sha256').update(id).digest('hex')}`;
}

/** A link that can be shown; undefined for any other scheme than http and https. */
export function cleanLink(url: string): string | undefined {
  if (url.length > MOST.url) return undefined;
  const parsed = URL.parse(url);
  return parsed !== null && /^https?:$/.test(parsed.protocol) && parsed.username === '' ? parsed.href : undefined;
}

function cleanPager({ id, url }: { id: string; url?: string | undefined }): { id: string; url?: string } {
  const link = url === undefined ? undefined : cleanLink(url);
  return { id: cleanId(id), ...(link === undefined ? {} : { url: link }) };
}

function cleanLabels(labels: Record<string, string>): Record<string, string> {
  const clean = Object.entries(labels)
    .slice(0, MOST_LABELS)
    .map(([name, value]) => [cleanText(name, MOST.label), cleanText(value, MOST.value)] as const)
    .filter(([name]) => name !== '' && name !== '__proto__');
  return Object.fromEntries(clean);
}
