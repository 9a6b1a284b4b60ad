import { findUnready } from './watch-cluster.ts';
import { findText, roomsOf, type Stage, statusMessages } from './watch-room.ts';

/** All that is not as it must be once it is over; empty: nothing. Muster's word is not enough for the demo either. */
export function judgeIncident(stage: Stage): string[] {
  const { sandbox, slack, pagerDuty } = stage;
  const rang = pagerDuty.pages().map(({ user }) => user);
  const incidents = pagerDuty.incidents().map(({ status }) => status);
  const restores = sandbox.cluster.velero.restoresSeen().length;
  return [
    ...expectSame('rooms', roomsOf(stage).length, 1),
    ...expectSame('telephones that rang', rang.join(' '), 'oncall'),
    ...expectSame("PagerDuty's incidents", incidents.join(' '), 'resolved'),
    ...expectSame('Restores that Velero saw', restores, 1),
    ...findUnready(sandbox).map((lost) => `the cluster itself says otherwise: ${lost}`),
    ...expectSame('reminders of a status update', statusMessages(stage, 'remind').length, 1),
    ...expectSame('status updates', statusMessages(stage, 'post-update').length, 1),
    ...(findText(stage, /acknowledged by Lee Lead/) ? [] : ['the card does not say who took it']),
    ...(findText(stage, /Alerts: 2 resolved/) ? [] : ['the card does not show the alerts resolved']),
    ...slack.violations().map((wrong) => `Slack would not have shown all of it: ${wrong}`),
  ];
}

function expectSame<T>(what: string, is: T, mustBe: T): string[] {
  return is === mustBe ? [] : [`${what}: ${is}, not ${mustBe}`];
}
