import { formatDuration } from '../../domain/duration.ts';
import type { IncidentState } from '../../domain/incident.ts';
import { RTO_MS } from '../../domain/next-for-incident.ts';
import { cutMarkup, cutPlain } from '../slack/cut-text.ts';
import { disarm, disarmValue, escapeSentence } from '../slack/markup.ts';
import { nameCommander, nameDeclarer } from './people.ts';
import { statusOf } from './stand.ts';
import { countOf, dateOf, minuteOf } from './times.ts';

/** What Slack takes as topic and as purpose. */
const LONGEST = 250;
const LONGEST_BOOKMARK = 80;

/** What the room is about, how much of the recovery time is used up, and who leads: it is seldom set, so it says what stays true. */
export function renderTopic(state: IncidentState): string {
  const { opening, severity } = state;
  const head = `${severity.toUpperCase()} ${statusOf(state).toUpperCase()}: `;
  const commander = nameCommander({ ...state, roles: disarmValue(state.roles) });
  const tail = ` | ${tellMark(state)} | commander: ${escapeSentence(commander)}`;
  const title = cutMarkup(escapeSentence(disarm(opening.title)), Math.max(20, LONGEST - head.length - tail.length));
  return cutMarkup(`${head}${title}${tail}`, LONGEST);
}

function tellMark({ declaredAt, mitigatedAt, resolvedAt, marks }: IncidentState): string {
  if (resolvedAt !== undefined) return `took ${formatDuration(resolvedAt - declaredAt)}`;
  if (mitigatedAt !== undefined) return `mitigated at T+${countOf(mitigatedAt - declaredAt)}`;
  const endsAt = minuteOf(declaredAt + RTO_MS);
  const mark = Math.max(0, ...marks);
  if (mark >= 100) return `OVER THE ${formatDuration(RTO_MS).toUpperCase()} TARGET since ${endsAt}`;
  const passed = mark === 0 ? '' : `, T+${countOf((RTO_MS * mark) / 100)} has passed (${mark} %)`;
  return `${formatDuration(RTO_MS)} are up at ${endsAt}${passed}`;
}

export function renderPurpose({ opening, declaredAt }: IncidentState): string {
  const by = escapeSentence(nameDeclarer(disarmValue(opening)));
  const how = 'The pinned card shows where it stands. /dr status, /dr update, /dr note and /dr help work here.';
  const head = `War room of incident ${escapeSentence(disarm(opening.incident))}, declared ${dateOf(declaredAt)} by `;
  return `${head}${cutMarkup(by, LONGEST - head.length - how.length - 2)}. ${how}`;
}

/** `of`: `page` or `alert`; undefined where there is nothing to link to. */
export function renderBookmark(state: IncidentState, of: string): { title: string; url: string } | undefined {
  const all =
    of === 'page'
      ? [...state.pages.values()].map(({ pager }) => ({ title: 'PagerDuty incident', url: pager?.url }))
      : [...state.failures.values()].map(({ name, url }) => ({ title: `Alert: ${disarm(name)}`, url }));
  // The first stays the first, however many come.
  for (const { title, url } of all)
    if (url !== undefined && /^https?:\/\/[!-~]{1,2000}$/.test(url))
      return { title: cutPlain(title, LONGEST_BOOKMARK), url };
  return undefined;
}
