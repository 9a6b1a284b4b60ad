import { buildPayload } from '../alertmanager/build-payload.ts';
import { rulesFor, sendAlerts } from '../alertmanager/send-alerts.ts';
import type { Sandbox } from '../start-sandbox.ts';
import { judgeIncident } from './judge-incident.ts';
import { deleteNamespace, fail, indent, NAMESPACE, say, until } from './watch-cluster.ts';
import { findText, roomOf, type Stage, showTimes, statusMessages } from './watch-room.ts';

const SLOT_MS = 15 * 60_000;

/**
 * Plays an incident from the alert to its end: paged, the room opened, taken, the namespace restored, one status update given, resolved.
 * Returns the exit code.
 */
export async function playIncident(sandbox: Sandbox): Promise<number> {
  const { slack, pagerDuty } = sandbox;
  if (slack === undefined || pagerDuty === undefined) return fail('there is no Slack or no PagerDuty');
  if (!(await sandbox.awaitBot())) return fail('the bot did not come up');
  say(
    'In this demo the clocks of the bot, Slack and PagerDuty can be moved on, so that fifteen minutes pass at once. For that the\nsandbox starts the bot by an entry of its own (sandbox/demo/bot-with-clock.ts); all else of it is as shipped.\n',
  );
  const stage: Stage = { sandbox, slack, pagerDuty, room: '', alertAt: 0 };
  for (const play of [declare, takeIt, restore, stopClock, endAlerts, giveUpdate, resolve]) {
    const wrong = await play(stage);
    if (wrong === undefined) continue;
    say(`${show(stage, stage.room || 'incidents')}`);
    return fail(wrong);
  }
  say(`And this is the room, as oncall reads it:\n\n${show(stage, stage.room)}\n`);
  say(`#incidents, where everybody looks:\n\n${show(stage, 'incidents')}\n`);
  say(`Whose telephone rang:\n${showTimes(stage)}\n`);
  const lost = judgeIncident(stage);
  if (lost.length > 0) return fail(lost.join('; '));
  say(`The demo is over: one alert, one page, one room; ${NAMESPACE} is back, verified, and the incident is resolved.`);
  return 0;
}

/** What went wrong; undefined: nothing. */
type Outcome = Promise<string | undefined>;

async function declare(stage: Stage): Outcome {
  const { sandbox, pagerDuty } = stage;
  say(`Somebody deletes the namespace:\n$ kubectl delete namespace ${NAMESPACE}`);
  await deleteNamespace(sandbox);
  stage.alertAt = pagerDuty.clock.now();
  stage.rules = rulesFor(NAMESPACE, stage.alertAt);
  const { status, text } = await sendAlerts(sandbox.env, buildPayload(stage.rules, NAMESPACE));
  say(`\nAlertmanager, POST /webhooks/alertmanager: ${stage.rules.length} alerts fire. Answer: ${status} ${text}`);
  if (status !== 202) return 'the alerts were not taken';
  if (!(await until(() => pagerDuty.pages().length > 0))) return 'nobody was paged';
  if (!(await until(() => roomOf(stage) !== undefined))) return 'the room was not opened';
  stage.room = roomOf(stage) ?? '';
  if (!(await until(() => findText(stage, /^ {2}On call: /m) && findText(stage, /Newest usable backup/))))
    return 'the card does not say who is on call, and what backup there is';
  say(`\n@oncall's telephone rings. And this is #${stage.room}:\n\n${show(stage, stage.room)}\n`);
  return undefined;
}

async function takeIt(stage: Stage): Outcome {
  const { pagerDuty } = stage;
  say('@lead is faster, and acknowledges in the PagerDuty app. The card says so:');
  pagerDuty.people.acknowledge('lead', 1);
  if (!(await until(() => findText(stage, /acknowledged by Lee Lead/)))) return 'the card does not show who has it';
  say(`${findLine(stage, /acknowledged by Lee Lead/)}\n`);
  return undefined;
}

async function restore(stage: Stage): Outcome {
  const { slack, room } = stage;
  const plan = slack.pressable(room, { as: 'oncall' }).find(({ label }) => label.startsWith('Plan '));
  if (plan === undefined) return 'the card proposes no runbook';
  say(`@oncall presses "${plan.label}", which the card proposes; nothing is changed by that.`);
  await slack.deliver.click({ user: 'oncall', channel: room, button: plan.label, confirm: true });
  const approve = () => slack.pressable(room).find(({ label }) => label === 'Approve');
  if (!(await until(() => approve() !== undefined))) return 'the plan did not come';
  say(`\n${indent(slack.renderMessages(room).at(-1)?.text ?? '')}\n\nSlack asks: ${approve()?.asks}\n@lead:  yes\n`);
  await slack.deliver.click({ user: 'lead', channel: room, button: 'Approve', confirm: true });
  const ended = /^ {2}\*(RECOVERED|NOT RECOVERED|ABORTED|REFUSED|EXPIRED)/m;
  if (!(await until(() => findText(stage, ended) && slack.files().length > 0))) return 'the run did not end in time';
  return findText(stage, /\*RECOVERED and verified/) ? undefined : 'the namespace is not verified';
}

async function stopClock(stage: Stage): Outcome {
  const { slack, room } = stage;
  // The run reports first, the card is edited in its own time.
  if (!(await until(() => findText(stage, /stopped the damage/)))) return 'the card does not ask whether it is over';
  say(
    `The run reports in the room that the namespace is verified. The card:\n${findLine(stage, /stopped the damage/)}\n`,
  );
  say(`@lead, in #${room}:  /dr mitigate\n`);
  await slack.deliver.command('lead', room, '/dr', 'mitigate');
  return (await until(() => findText(stage, /== SEV1 MITIGATED/))) ? undefined : 'the clock was not stopped';
}

async function endAlerts(stage: Stage): Outcome {
  const { sandbox, pagerDuty, rules = [] } = stage;
  const { status } = await sendAlerts(sandbox.env, buildPayload(rules, NAMESPACE, pagerDuty.clock.now()));
  say(`Alertmanager, POST /webhooks/alertmanager: both are resolved. Answer: ${status}`);
  if (!(await until(() => findText(stage, /Alerts: 2 resolved/)))) return 'the card does not show the alerts resolved';
  if (!(await until(() => findText(stage, /All alerts are resolved/)))) return 'the card does not propose to resolve';
  say(`${findLine(stage, /All alerts are resolved/)}\n`);
  return undefined;
}

async function giveUpdate(stage: Stage): Outcome {
  const { sandbox, slack, room } = stage;
  say('Fifteen minutes pass at once (the clocks are moved). A status update is due, and Muster has drafted it:');
  sandbox.moveClock(SLOT_MS);
  const post = () => slack.pressable(room, { as: 'oncall' }).find(({ label }) => label === 'Post');
  if (!(await until(() => post() !== undefined))) return 'no status update was asked for';
  const draft = slack.renderMessages(room, { as: 'oncall' }).find(({ ts }) => ts === post()?.ts);
  say(`\n${indent(draft?.text ?? '')}\n\n@oncall presses Post.\n`);
  await slack.deliver.click({ user: 'oncall', channel: room, button: 'Post', confirm: true });
  if (!(await until(() => statusMessages(stage, 'post-update').length > 0))) return 'the update was not posted';
  return undefined;
}

async function resolve(stage: Stage): Outcome {
  const { slack, pagerDuty, room } = stage;
  const command = `resolve ${NAMESPACE} is restored from the nightly backup`;
  say(`@oncall, in #${room}:  /dr ${command}\n`);
  await slack.deliver.command('oncall', room, '/dr', command);
  const isOver = () => findText(stage, /== SEV1 RESOLVED/) && pagerDuty.incident(1)['status'] === 'resolved';
  if (!(await until(isOver))) return 'the incident is not resolved, here and in PagerDuty';
  // The announcement and those who were told are edited in their own time.
  const isTold = () => ['incidents', 'data-platform'].every((it) => /SEV1 RESOLVED/.test(slack.renderChannel(it)));
  return (await until(isTold)) ? undefined : 'the announcement does not say that it is over';
}

function show({ slack }: Stage, channel: string): string {
  return indent(slack.renderChannel(channel, { as: 'oncall' }));
}

function findLine({ slack, room }: Stage, pattern: RegExp): string {
  return (
    slack
      .renderChannel(room)
      .split('\n')
      .find((line) => pattern.test(line)) ?? ''
  );
}
