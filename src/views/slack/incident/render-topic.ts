import { formatDuration } from '../../../domain/duration.ts';
import type { IncidentState } from '../../../domain/incident.ts';
import { nameCommander, nameDeclarer } from '../../incident/people.ts';
import { statusOf } from '../../incident/stand.ts';
import { countOf, dateOf, minuteOf } from '../../incident/times.ts';
import { cutMarkup, cutPlain } from '../cut-text.ts';
import { disarm, disarmValue, escapeSentence } from '../markup.ts';

/** What Slack takes as topic and as purpose. */
const LONGEST = 250;
const LONGEST_BOOKMARK = 80;

/** What the room is about and how much of `rtoMs` was used up by `now` (ms since 1970), which the topic says, as it is seldom set. */
export function renderTopic(state: IncidentState, now: number, rtoMs: number): string {
  const { opening, severity } = state;
  const head = `${severity.toUpperCase()} ${statusOf(state).toUpperCase()}: `;
  const commander = nameCommander({ ...state, roles: disarmValue(state.roles) });
  const tail = ` | ${tellMark(state, now, rtoMs)} | commander: ${escapeSentence(commander)}`;
  const title = cutMarkup(escapeSentence(disarm(opening.title)), Math.max(20, LONGEST - head.length - tail.length));
  return cutMarkup(`${head}${title}${tail}`, LONGEST);
}

function tellMark({ declaredAt, mitigatedAt, resolvedAt }: IncidentState, now: number, rtoMs: number): string {
  if (resolvedAt !== undefined) return `took ${formatDuration(resolvedAt - declaredAt)}`;
  if (mitigatedAt !== undefined) return `mitigated at T+${countOf(mitigatedAt - declaredAt)}`;
  const ran = now - declaredAt;
  const mark = `T+${countOf(ran)} of ${countOf(rtoMs)} at ${minuteOf(now)}`;
  return ran >= rtoMs ? `OVER TARGET: ${mark}` : mark;
}

export function renderPurpose({ opening, declaredAt }: IncidentState): string {
  const by = escapeSentence(nameDeclarer(disarmValue(opening)));
  const how = 'The pinned card shows where it stands. /dr status, /dr update, /dr note and /dr help work here.';
  const head = `War room of incident ${escapeSentence(disarm(opening.incident))}, declared ${dateOf(declaredAt)} by `;
  return `${head}${cutMarkup(by, LONGEST - head.length - how.length - 2)}. ${how}`;
}

/** `of`: `page` or `alert`; undefined where there is nothing to link to. */
export function renderBookmark(of: string, state: IncidentState): { title: string; url: string } | undefined {
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
