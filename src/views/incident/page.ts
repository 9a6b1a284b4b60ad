import { renderActor } from '../../domain/actor.ts';
import type { IncidentState } from '../../domain/incident.ts';
import { pageTitleEnd } from '../../domain/incident-pages.ts';
import { roomOf } from '../../domain/incident-room.ts';
import { cutPlain } from '../slack/cut-text.ts';
import { renderAlerts, sumAlerts } from './alerts.ts';
import { oneLine, plainLine } from './line.ts';
import { nameDeclarer } from './people.ts';
import { nameTarget } from './stand.ts';
import { dateOf } from './times.ts';

/** What is read on a phone, woken up by it. */
const LONGEST_TITLE = 250;
const LONGEST_LINE = 500;

export interface PageText {
  title: string;
  details: string;
  /** The room, once it is open. */
  url?: string;
}

/** What PagerDuty tells whom it pages, by the page's key (`page:1`). */
export function renderPage(state: IncidentState, key: string): PageText {
  const { opening, severity, declaredAt } = state;
  const page = state.pages.get(key);
  const room = roomOf(state);
  const lines = [
    ...(page?.why === undefined || page.why === '' ? [] : [`You are asked for: ${page.why}`]),
    `Declared ${dateOf(declaredAt)} by ${nameByText(state)}.`,
    ...(opening.service === undefined ? [] : [`Service: ${opening.service}`]),
    ...(opening.target === undefined ? [] : [`Namespace: ${nameTarget(opening.target)}`]),
    ...(room === undefined ? [] : [`Room: #${room.name}`]),
    ...renderAlerts(sumAlerts(state)).map(plainLine),
    `Incident ${opening.incident}. Take it here or in Slack: /dr ack ${opening.incident}`,
  ];
  const end = pageTitleEnd(opening);
  const url = roomUrl(room?.channel);
  return {
    title: `${cutPlain(oneLine(`${severity.toUpperCase()}: ${opening.title}`), LONGEST_TITLE - end.length)}${end}`,
    details: lines.map((line) => cutPlain(oneLine(line), LONGEST_LINE)).join('\n'),
    ...(url === undefined ? {} : { url }),
  };
}

/** PagerDuty resolves no Slack mention. */
function nameByText({ opening }: IncidentState): string {
  const { by } = opening;
  return by.kind === 'slack'
    ? `the Slack member ${by.user}`
    : by.kind === 'terminal'
      ? renderActor(by)
      : nameDeclarer(opening);
}

/** Slack finds the workspace by itself. */
function roomUrl(channel: string | undefined): string | undefined {
  return channel === undefined || !/^[CG][A-Z0-9]{2,}$/.test(channel)
    ? undefined
    : `https://slack.com/app_redirect?channel=${channel}`;
}
