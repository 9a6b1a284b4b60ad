import { renameSync, writeFileSync } from 'node:fs';
import type { SandboxPagerDuty } from '../../sandbox/pagerduty/start-pagerduty.ts';
import type { SandboxSlack } from '../../sandbox/slack/start-slack.ts';
import { incidentOf } from '../../src/domain/incident-events.ts';
import { until } from './act-trial.ts';
import { type IncidentLine, readIncidentLines } from './read-incident.ts';
import type { Stage } from './stage.ts';

export const ANNOUNCED_IN = 'incidents';
export const TOLD_IN = 'data-platform';
export const SUMMARY = 'restored from the backup of 03:00';
export const NOTE = 'failed over to the second database';
export const UPDATE = 'restoring the database, done by 04:00';
/** One slot, and half of the recovery time target of 15 minutes, is over eight minutes after the declaration. */
export const SLOT_MINUTES = 8;
const ALERT_AT = new Date().toISOString();
/** Nobody calls the next level sooner after the first one, ms. */
const HESITATION_MS = 4_000;
/** How long a person waits for what was promised before they ask again, ms. */
const PATIENCE_MS = 10_000;

/** What is out of order while an incident is declared; all answers again once it was paged some other way. */
export type Outage = 'none' | 'REST API' | 'PagerDuty';

export interface Plot {
  /** Who declares it. */
  by: 'a person' | 'an alert';
  outage: Outage;
  /** PagerDuty's webhooks get lost. */
  quiet: boolean;
  /** What does not answer the next process, until that has noticed. */
  away: 'nobody' | 'Slack' | 'PagerDuty';
  /** Whether the next level is paged, and a note goes to PagerDuty. */
  escalates: boolean;
  /** Whether a run is begun in the room. */
  withRun: boolean;
}

interface Scene {
  stage: Stage;
  slack: SandboxSlack;
  pagerDuty: SandboxPagerDuty;
  signal: AbortSignal;
}

/** Plays the people from the declaration to the end of the incident; answers it. `clockFile`: what the bot's clock goes by. */
export async function actIncident(stage: Stage, plot: Plot, clockFile: string, signal: AbortSignal): Promise<string> {
  const { slack, pagerDuty } = stage.sandbox;
  if (slack === undefined || pagerDuty === undefined) throw new Error('this stage has no Slack or no PagerDuty');
  const scene: Scene = { stage, slack, pagerDuty, signal };
  moveClock(clockFile, 0);
  if (plot.outage !== 'none') await pagerDuty.faults.down(plot.outage === 'REST API' ? 'rest' : undefined);
  if (plot.quiet) pagerDuty.webhooks.lose();
  stage.keepBot();
  await untilReady(scene);
  const awayWhile = goAway(scene, plot.away);
  const incident = await (plot.by === 'an alert' ? declareByAlert(scene) : declare(scene));
  await endOutage(scene, incident, plot.outage);
  const room = `incident-${incident}`;
  await until(() => isPaged(stage, incident), signal);
  await untilDone(scene, incident, listOpening(scene));
  if (plot.escalates) {
    await until(() => Date.now() > (pagerDuty.pages()[0]?.at ?? 0) + HESITATION_MS, signal);
    await changePage(scene, room, incident, 'escalate', 1);
    await changePage(scene, room, incident, `note ${NOTE}`, 2);
  }
  moveClock(clockFile, SLOT_MINUTES * 60_000);
  await untilDone(scene, incident, ['remind:1', 'set-topic:2']);
  if (plot.withRun) await beginRun(scene, room, incident);
  await type(scene, room, `update ${UPDATE}`, () => has(stage, incident, 'update.posted'));
  await untilDone(scene, incident, ['post-update:1']);
  await changePage(scene, room, incident, 'ack', plot.escalates ? 3 : 1);
  if (plot.by === 'an alert') await sendAlert(scene, 'resolved');
  await type(scene, room, `resolve ${SUMMARY}`, () => has(stage, incident, 'incident.resolved'));
  await until(() => has(stage, incident, 'incident.ended'), signal);
  await awayWhile;
  // What is over must stay as it is, also when a dead worker's job is taken again, and when PagerDuty tells of it.
  await pagerDuty.webhooks.settled();
  await until(async () => (await stage.ledger.received(1)).length === 0 && !(await stage.jobsLeft()), signal);
  return incident;
}

async function declare(scene: Scene): Promise<string> {
  const { ledger } = scene.stage;
  const newest = async () => incidentOf((await ledger.incidents(1))[0] ?? '');
  await type(
    scene,
    ANNOUNCED_IN,
    'declare ClickHouse is down --severity sev1',
    async () => (await newest()) !== undefined,
  );
  return (await newest()) ?? '';
}

async function declareByAlert(scene: Scene): Promise<string> {
  await sendAlert(scene, 'firing');
  const newest = async () => incidentOf((await scene.stage.ledger.incidents(1))[0] ?? '');
  await until(async () => (await newest()) !== undefined, scene.signal);
  return (await newest()) ?? '';
}

/** Alertmanager sends it until it is taken, and cannot know whether it was where no answer came. */
async function sendAlert({ stage, signal }: Scene, status: 'firing' | 'resolved'): Promise<void> {
  const { HOST, PORT, ALERT_WEBHOOK_TOKEN } = stage.sandbox.env;
  const body = JSON.stringify({
    ...{ version: '4', groupKey: '{}:{alertname="ClickHouseDown"}', status, receiver: 'muster', groupLabels: {} },
    alerts: [
      {
        ...{
          status,
          fingerprint: 'f1e2d3c4b5a69788',
          startsAt: ALERT_AT,
          generatorURL: 'https://prometheus.example/graph',
        },
        labels: { alertname: 'ClickHouseDown', severity: 'critical', service: 'clickhouse' },
        annotations: { summary: 'ClickHouse is down' },
        ...(status === 'resolved' ? { endsAt: new Date().toISOString() } : {}),
      },
    ],
  });
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${ALERT_WEBHOOK_TOKEN}` };
  await until(async () => {
    const url = `http://${HOST}:${PORT}/webhooks/alertmanager`;
    const taken = await fetch(url, { method: 'POST', headers, body, signal }).catch(() => undefined);
    return taken?.ok === true;
  }, signal);
}

/** It is over once somebody was called all the same. */
async function endOutage(scene: Scene, incident: string, outage: Outage): Promise<void> {
  if (outage === 'none') return;
  const { pagerDuty, signal } = scene;
  if (outage === 'REST API') await until(() => pagerDuty.pages().length > 0, signal);
  else await untilDone(scene, incident, ['page-aloud:1']);
  await pagerDuty.faults.up();
}

/** What is done about a declared incident, without which it is not in order. */
function listOpening({ slack }: Pick<Scene, 'slack'>): string[] {
  const { users } = slack;
  return [
    ...['find-on-call', 'open-room', 'announce', `tell:${TOLD_IN}`, 'post-card', 'pin-card'],
    ...['set-topic:1', 'set-purpose', 'add-bookmark:page', `invite:${users.oncall}`, `invite:${users.lead}`],
  ];
}

/** What is done here is done in PagerDuty too. `n`: it is the how manieth change. */
async function changePage(scene: Scene, room: string, incident: string, words: string, n: number): Promise<void> {
  const isRecorded = async () =>
    (await readIncidentLines(scene.stage, incident)).filter(({ type }) => type === 'page.changed').length >= n;
  await type(scene, room, words, isRecorded);
  await untilDone(scene, incident, [`change-page:${n}`]);
}

async function beginRun(scene: Scene, room: string, incident: string): Promise<void> {
  const { ledger } = scene.stage;
  await type(scene, room, 'restore namespace data-processing', async () => (await ledger.recent(1)).length > 0);
  await until(() => has(scene.stage, incident, 'incident.run-linked'), scene.signal);
}

/** A bot that has just started loads its clients, and may not find out in time who is asking. */
async function untilReady({ stage: { sandbox }, signal }: Pick<Scene, 'stage' | 'signal'>): Promise<void> {
  await until(async () => {
    const { HOST, PORT } = sandbox.env;
    const answer = await fetch(`http://${HOST}:${PORT}/readyz`, { signal }).catch(() => undefined);
    return answer?.status === 200;
  }, signal);
}

/** Types it until it is recorded; who looks first does not type again what was recorded behind an error. */
async function type(
  { stage, slack, signal }: Scene,
  channel: string,
  text: string,
  isRecorded: () => Promise<boolean>,
) {
  for (;;) {
    const { error } = await slack.deliver.command('oncall', channel, '/dr', text);
    if (error !== undefined) await untilReady({ stage, signal });
    // Only a connection that broke says that nobody works on it any more.
    for (const end = Date.now() + (error === 'dispatch_failed' ? 0 : PATIENCE_MS); ; ) {
      signal.throwIfAborted();
      if (await isRecorded()) return;
      if (Date.now() >= end) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** Whoever cannot be asked has not said that nothing was taken. */
async function goAway({ stage, slack, pagerDuty, signal }: Scene, away: Plot['away']): Promise<void> {
  if (away === 'nobody') return;
  const { faults } = away === 'Slack' ? slack : pagerDuty;
  await until(() => stage.killSwitch.killed().length > 0, signal);
  await faults.down();
  await until(async () => {
    const incident = incidentOf((await stage.ledger.incidents(1))[0] ?? '');
    return incident !== undefined && (await has(stage, incident, 'effect.delayed'));
  }, signal);
  await faults.up();
}

/** PagerDuty has answered, or tells of it by a webhook: then nobody asks it any more. */
async function isPaged(stage: Stage, incident: string): Promise<boolean> {
  const lines = await readIncidentLines(stage, incident);
  return lines.some(
    (line) => line.type === 'incident.pager-noticed' || (line.type === 'effect.done' && line.key === 'page:1'),
  );
}

async function untilDone({ stage, signal }: Scene, incident: string, keys: readonly string[]): Promise<void> {
  await until(async () => {
    const lines = await readIncidentLines(stage, incident);
    return keys.every((key) => lines.some((line) => line.type === 'effect.done' && line.key === key));
  }, signal);
}

async function has(stage: Stage, incident: string, type: IncidentLine['type']): Promise<boolean> {
  return (await readIncidentLines(stage, incident)).some((line) => line.type === type);
}

/** In one stroke: nobody reads half a number. */
function moveClock(file: string, ms: number): void {
  writeFileSync(`${file}.new`, String(ms));
  renameSync(`${file}.new`, file);
}
