import type { Failure, IncidentState } from '../../domain/incident.ts';
import type { Line } from './line.ts';
import { clockOf } from './times.ts';

/** Alerts that are named; the others are counted. */
const NEWEST = 5;
const SERVICES = 8;

export interface Count {
  firing: number;
  resolved: number;
}

/** An incident's alerts, however many: nothing is dropped from the counts. */
export interface AlertSum extends Count {
  /** Those with most firing, first; `others`: the sum of those that are not named. */
  services: (Count & { name: string })[];
  others: Count & { services: number };
  /** Firing ones before resolved ones, newest first. */
  newest: Failure[];
}

export function sumAlerts({ failures }: Pick<IncidentState, 'failures'>): AlertSum {
  const services = new Map<string, Count>();
  const sum: Count = { firing: 0, resolved: 0 };
  for (const failure of failures.values()) {
    const name = serviceOf(failure);
    const count = services.get(name) ?? { firing: 0, resolved: 0 };
    services.set(name, count);
    count[failure.status] += 1;
    sum[failure.status] += 1;
  }
  const all = [...failures.values()].reverse();
  const ordered = [...all.filter(isFiring), ...all.filter((it) => !isFiring(it))];
  const counted = [...services]
    .map(([name, count]) => ({ name, ...count }))
    .sort((a, b) => b.firing - a.firing || b.resolved - a.resolved || (a.name < b.name ? -1 : 1));
  const others = counted.slice(SERVICES);
  return {
    ...sum,
    services: counted.slice(0, SERVICES),
    others: { services: others.length, ...add(others) },
    newest: ordered.slice(0, NEWEST),
  };
}

function isFiring({ status }: Failure): boolean {
  return status === 'firing';
}

/** What an alert is about, as people call it. */
function serviceOf({ labels, source }: Failure): string {
  return [labels['service'], labels['namespace'], labels['job']].find((it) => it !== undefined && it !== '') ?? source;
}

export function renderAlerts(sum: AlertSum): Line[] {
  const { firing, resolved, newest } = sum;
  if (firing + resolved === 0) return [{ text: 'No alert belongs to it.' }];
  const more = firing + resolved - newest.length;
  return [
    { text: `Alerts: ${renderCount(sum)} (${renderServices(sum)})`, strong: firing > 0 },
    ...newest.map(renderFailure),
    ...(more > 0 ? [{ text: `and ${number(more)} more` }] : []),
  ];
}

/** Muster proposes; that it is over, a person says. */
export function renderProposal({ firing, resolved }: Count, isOver: boolean): Line[] {
  if (isOver || firing > 0 || resolved === 0) return [];
  const text = 'All alerts are resolved. If it is over, resolve the incident; nothing does that by itself:';
  return [{ text, strong: true, command: 'resolve' }];
}

function renderServices({ services, others }: AlertSum): string {
  const rest = others.services === 0 ? [] : [`${number(others.services)} more services ${renderCount(others)}`];
  return [...services.map((it) => `${it.name} ${renderCount(it)}`), ...rest].join('; ');
}

function renderFailure({ name, summary, status, startsAt, resolvedAt, url }: Failure): Line {
  const when =
    status === 'firing' ? `firing since ${clockOf(startsAt)}` : `resolved at ${clockOf(resolvedAt ?? startsAt)}`;
  const what = summary === '' || summary === name ? '' : `: ${summary}`;
  return { text: `• ${name}, ${when}${what}`, url, label: 'alert' };
}

/** What there is none of is not told. */
export function renderCount({ firing, resolved }: Count): string {
  const parts = [
    ...(firing > 0 ? [`${number(firing)} firing`] : []),
    ...(resolved > 0 ? [`${number(resolved)} resolved`] : []),
  ];
  return parts.length === 0 ? 'none' : parts.join(', ');
}

function add(counts: readonly Count[]): Count {
  return counts.reduce((sum, it) => ({ firing: sum.firing + it.firing, resolved: sum.resolved + it.resolved }), {
    firing: 0,
    resolved: 0,
  });
}

/** `10,000` */
function number(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}
