import { validateMessage } from '../../sandbox/slack/blocks/check-message.ts';
import type { SandboxSlack } from '../../sandbox/slack/start-slack.ts';
import { incidentStream } from '../../src/domain/incident-events.ts';
import { ANNOUNCED_IN, type Plot, TOLD_IN, UPDATE } from './act-incident.ts';
import { effectOfMessage } from './incident-calls.ts';
import { type IncidentLine, readIncidentLines } from './read-incident.ts';
import type { Stage } from './stage.ts';

/** Everything that is not as it must be once an incident is over, whoever was killed; empty: right. */
export async function judgeIncident(stage: Stage, incident: string, plot: Plot): Promise<string[]> {
  const { slack } = stage.sandbox;
  if (slack === undefined) return ['there is no Slack'];
  return [
    ...(await judgeLedger(stage, incident, plot)),
    ...judgeRooms(slack, incident),
    ...judgeMessages(slack, incident, plot),
    ...judgeSetting(slack, incident, plot),
    ...judgePagerDuty(stage, plot),
    ...(plot.quiet ? [] : judgeNotices(stage, await readIncidentLines(stage, incident))),
  ];
}

async function judgeLedger(stage: Stage, incident: string, { withRun, by, escalates }: Plot): Promise<string[]> {
  const { ledger } = stage;
  const [incidents, open, runs, lines] = await Promise.all([
    ledger.incidents(10),
    ledger.openIncidents(),
    ledger.recent(10),
    readIncidentLines(stage, incident),
  ]);
  return [
    ...compare('the incidents', incidents, [incidentStream(incident)]),
    ...compare('those still open', open, []),
    ...judgeTimeline(lines, escalates ? 3 : 1),
    ...judgeAlerts(lines, by === 'an alert' ? ['firing', 'resolved'] : []),
    ...(withRun ? judgeRuns(lines, runs) : compare('the runs', runs, [])),
  ];
}

/** A failure is told once, and its end once, however often it was sent. */
function judgeAlerts(lines: readonly IncidentLine[], expected: readonly string[]): string[] {
  const recorded = lines.flatMap((line) => (line.type === 'incident.alerts-recorded' ? line.alerts : []));
  return compare(
    'the alerts',
    recorded.map(({ status }) => status),
    expected,
  );
}

/** A run that is linked but was never begun was asked for again by whoever saw its command fail. */
function judgeRuns(lines: readonly IncidentLine[], runs: readonly string[]): string[] {
  const linked = lines.flatMap((line) => (line.type === 'incident.run-linked' ? [`run-${line.run}`] : []));
  return [
    ...(runs.length === 1 ? [] : [`there are ${runs.length} runs`]),
    ...runs.filter((run) => !linked.includes(run)).map((run) => `${run} is not linked`),
  ];
}

/** Every fact once: the same thing said of the same thing is one. */
function judgeTimeline(lines: readonly IncidentLine[], changes: number): string[] {
  const facts = lines.flatMap(nameFacts);
  const twice = facts.filter((fact, at) => facts.indexOf(fact) !== at);
  const begun = lines.flatMap((line) => (line.type === 'effects.begun' ? line.effects.map(({ key }) => key) : []));
  const done = lines.flatMap((line) => (line.type === 'effect.done' ? [line.key] : []));
  const count = (type: string) => lines.filter((line) => line.type === type).length;
  const single = ['incident.declared', 'incident.rto-marked', 'slot.drafted', 'update.posted'];
  const missing = [...single, 'incident.resolved', 'incident.ended'].filter((type) => count(type) !== 1);
  return [
    ...compare('the changes of the page', [`${count('page.changed')}`], [`${changes}`]),
    ...twice.map((fact) => `in the timeline more than once: ${fact}`),
    ...missing.map((type) => `${type} is there ${count(type)} times`),
    ...lines.flatMap((line) => (line.type === 'effect.refused' ? [`${line.key} was refused: ${line.why}`] : [])),
    ...done.filter((key) => !begun.includes(key)).map((key) => `${key} was done before it was begun`),
    // PagerDuty may tell of it later.
    ...compare(
      'the events after the end',
      lines
        .slice(lines.findIndex(({ type }) => type === 'incident.ended') + 1)
        .flatMap(({ type }) => (['incident.pager-noticed', 'incident.alerts-recorded'].includes(type) ? [] : [type])),
      [],
    ),
  ];
}

function nameFacts(line: IncidentLine): string[] {
  if (!('eid' in line)) return ['an event that cannot be read', 'an event that cannot be read'];
  const id = `event id ${line.eid}`;
  switch (line.type) {
    case 'effects.begun':
      return [id, ...line.effects.map(({ key, attempt }) => `attempt ${attempt} of ${key}`)];
    case 'effect.done':
      return [id, `${line.key} done`];
    case 'effect.delayed':
      return [id, `${line.key} delayed: ${line.why}`];
    case 'incident.pager-noticed':
      return [id, `notice ${line.notice.id}`];
    default:
      return [id];
  }
}

/** Each webhook of PagerDuty is in the timeline. */
function judgeNotices({ sandbox: { pagerDuty } }: Stage, lines: readonly IncidentLine[]): string[] {
  const noticed = lines.flatMap((line) => (line.type === 'incident.pager-noticed' ? [line.notice.id] : []));
  const sent = pagerDuty?.webhooks.log() ?? [];
  return (
    sent
      // A note names its incident by PagerDuty's id alone, which is looked for among the open ones.
      .filter(({ event }) => event.type !== 'incident.annotated' && !noticed.includes(event.id))
      .map(({ event, outcome }) => `the timeline lacks ${event.type} (${outcome})`)
  );
}

function judgeRooms(slack: SandboxSlack, incident: string): string[] {
  const rooms = slack.channelNames().filter((name) => name.startsWith('incident-'));
  return compare('the rooms', rooms, [`incident-${incident}`]);
}

/** Whatever of ours is anywhere must be one of the messages that were expected, each once and in its last form. */
function judgeMessages(slack: SandboxSlack, incident: string, { outage, withRun }: Plot): string[] {
  const aloud = outage === 'PagerDuty' ? ['page-aloud:1'] : [];
  const places = slack.channelNames().map((name) => ({ name, ours: listOurs(slack, name, incident) }));
  const here = (name: string) => places.find((it) => it.name === name)?.ours ?? [];
  const room = here(`incident-${incident}`);
  const called = [...here(ANNOUNCED_IN), ...room].filter(({ key }) => key === 'page-aloud:1');
  const keys = (messages: typeof room) => messages.map(({ key }) => key).filter((key) => key !== 'page-aloud:1');
  const elsewhere = places.filter(({ name }) => ![`incident-${incident}`, ANNOUNCED_IN, TOLD_IN].includes(name));
  const update = room.find(({ key }) => key === 'post-update:1');
  return [
    ...compare('the announcements', keys(here(ANNOUNCED_IN)), ['announce']),
    ...compare('what the stakeholders were told', keys(here(TOLD_IN)), [`tell:${TOLD_IN}`]),
    // A run that belongs here speaks here too.
    ...compare(
      'what is said in the room',
      keys(room).filter((key) => !withRun || key !== 'unmarked'),
      ['post-card', 'remind:1', 'post-update:1'],
    ),
    ...compare(
      'the calls to everybody',
      called.map(({ key }) => key),
      aloud,
    ),
    ...elsewhere.flatMap(({ name, ours }) => ours.map(({ key }) => `${key} is in #${name}`)),
    ...(update?.text.includes(UPDATE) === true ? [] : [`the update says: ${update?.text}`]),
    ...[...room, ...here(ANNOUNCED_IN), ...here(TOLD_IN)]
      .filter(({ key, text }) => /^(post-card|announce|tell)/.test(key) && !/resolved/i.test(text))
      .map(({ key, text }) => `${key} does not say that it is over: ${text.slice(0, 120)}`),
    ...slack.violations().map((line) => `Slack would not have shown it: ${line}`),
    ...slack.posted().flatMap(({ draft }) => validateMessage(draft)),
  ];
}

function listOurs(slack: SandboxSlack, channel: string, incident: string): { key: string; text: string }[] {
  return (
    slack
      .channel(channel)
      .messages()
      .filter(({ user, subtype }) => user === slack.botUser && subtype === undefined)
      // The doctor does not like a clock that is ahead.
      .filter(({ text }) => !text.includes('Daily check of Muster'))
      .map(({ metadata, text }) => {
        const effect = effectOfMessage(metadata);
        return { key: effect?.incident === incident ? effect.key : 'unmarked', text };
      })
  );
}

/** The room itself, and who is in it. */
function judgeSetting(slack: SandboxSlack, incident: string, { by }: Plot): string[] {
  const name = `incident-${incident}`;
  if (!slack.channelNames().includes(name)) return [];
  const { members, pins, bookmarks, topic, purpose, messages } = slack.channel(name);
  const card = messages().find(({ metadata }) => effectOfMessage(metadata)?.key === 'post-card');
  const { oncall, lead } = slack.users;
  const topics = slack.calls().filter(({ method, answer }) => method === 'conversations.setTopic' && answer === 'ok');
  const said = topics.map(({ args }) => String(args['topic']));
  return [
    ...compare('the members', members.toSorted(), [slack.botUser, oncall, lead].toSorted()),
    ...compare('the pins', pins, [card?.ts ?? 'the card']),
    ...(bookmarks.length === (by === 'an alert' ? 2 : 1) ? [] : [`there are ${bookmarks.length} bookmarks`]),
    ...(topic === '' || purpose === '' ? ['the topic or the purpose is missing'] : []),
    ...said.filter((text, at) => text === said[at - 1]).map((text) => `the topic was said twice in a row: ${text}`),
  ];
}

function judgePagerDuty({ sandbox: { pagerDuty } }: Stage, { escalates }: Plot): string[] {
  if (pagerDuty === undefined) return ['there is no PagerDuty'];
  const happened = pagerDuty.webhooks.log().map(({ event }) => event.type);
  const count = (type: string) => happened.filter((it) => it === type).length;
  return [
    ...compare(
      "PagerDuty's incidents",
      pagerDuty.incidents().map(({ status }) => String(status)),
      ['resolved'],
    ),
    ...compare(
      'the calls that rang',
      pagerDuty.pages().map(({ user, why }) => `${user} ${why}`),
      ['oncall triggered', ...(escalates ? ['lead escalated'] : [])],
    ),
    ...['incident.triggered', 'incident.acknowledged', 'incident.resolved']
      .concat(escalates ? ['incident.escalated', 'incident.annotated'] : [])
      .filter((type) => count(type) !== 1)
      .map((type) => `PagerDuty saw ${type} ${count(type)} times`),
  ];
}

function compare(what: string, are: readonly string[], expected: readonly string[]): string[] {
  return are.join() === expected.join() ? [] : [`${what} are ${are.join(', ')} and not ${expected.join(', ')}`];
}
