import { validateMessage } from '../../sandbox/slack/blocks/check-message.ts';
import type { SandboxSlack } from '../../sandbox/slack/start-slack.ts';
import { postsStream } from '../../src/domain/posts.ts';
import { CHANNEL } from './act-in-slack.ts';
import { keyOfMessage } from './slack-calls.ts';
import { readEvents, readPostEvents, type Stage } from './stage.ts';

type Message = ReturnType<ReturnType<SandboxSlack['channel']>['messages']>[number];

/** Everything that is not as it must be in Slack once every run is over, whoever was killed; empty: right. */
export async function judgeSlack(stage: Stage): Promise<string[]> {
  const { slack } = stage.sandbox;
  if (slack === undefined) return ['there is no Slack'];
  const ours = slack
    .channel(CHANNEL)
    .messages()
    .filter(({ user }) => user === slack.botUser);
  const runs = (await stage.ledger.recent(10)).map((stream) => stream.replace(/^run-/, ''));
  const judged = await Promise.all(runs.map((run) => judgeRun(stage, ours, run)));
  return [
    ...judgeWorkspace(slack, ours, runs),
    ...judged.flatMap(({ wrong }) => wrong),
    ...judgeAccounted(
      ours,
      judged.flatMap(({ known }) => known),
    ),
  ];
}

function judgeWorkspace(slack: SandboxSlack, ours: readonly Message[], runs: readonly string[]): string[] {
  const here = slack.channel(CHANNEL).id;
  const elsewhere = slack.posted().filter(({ how, channel }) => how === 'post' && channel !== here);
  const buttons = slack.pressable(CHANNEL).map(({ label }) => label);
  const plain = ours.filter(({ blocks, upload }) => blocks === undefined && upload !== true);
  return [
    ...slack.violations().map((line) => `Slack would not have shown it: ${line}`),
    ...slack.posted().flatMap(({ draft }) => validateMessage(draft)),
    ...(plain.length === 0 ? [] : [`${plain.length} messages have lost their blocks`]),
    ...(elsewhere.length === 0 ? [] : [`${elsewhere.length} messages went to another channel`]),
    // The card alone keeps a button, which changes nothing.
    ...(buttons.join() === runs.map(() => 'Details').join() ? [] : [`the buttons left are: ${buttons.join(', ')}`]),
  ];
}

/** Whatever of ours is in the channel must be one of the messages that were expected. */
function judgeAccounted(ours: readonly Message[], known: readonly Message[]): string[] {
  return ours
    .filter((message) => !known.includes(message))
    .map(({ ts, text, files }) => `nobody expected message ${ts}: ${text.slice(0, 60)} ${files?.[0]?.name ?? ''}`);
}

/** One run's set: the card, the plan, the end, and below that the report; each once and in its last form. */
async function judgeRun(
  stage: Stage,
  ours: readonly Message[],
  run: string,
): Promise<{ wrong: string[]; known: Message[] }> {
  const events = await readEvents(stage, run);
  const planned = events.flatMap((event) => (event.type === 'run.planned' ? [event.at] : []));
  const stand = events.at(-1)?.type.replace('run.', '');
  const expected = ['card', ...planned.map((at) => `plan-${at}`), 'end'];
  const marked = ours.filter(({ metadata }) => keyOfMessage(metadata)?.run === run);
  const [card, plan, end] = marked;
  const report = `run-${run}-report.txt`;
  const reports = ours.filter(({ files }) => files?.some(({ name }) => name === report) === true);
  const wrong = [
    ...compare(
      'the messages',
      marked.map(({ metadata }) => keyOfMessage(metadata)?.key ?? ''),
      expected,
    ),
    ...compare('the runs planned', planned.map(String), planned.slice(0, 1).map(String)),
    ...(card?.text.includes(`run ${run}: *${stand}*`) === true ? [] : [`the card says: ${card?.text.slice(0, 120)}`]),
    ...(/^\*(Approved|Rejected) by <@/.test(plan?.text ?? '') ? [] : [`the plan says: ${plan?.text.slice(0, 120)}`]),
    ...(reports.length === (stand === 'succeeded' ? 1 : 0) ? [] : [`the report is there ${reports.length} times`]),
    ...(reports.every(({ thread_ts }) => thread_ts === end?.ts) ? [] : ['the report is not below the end']),
    ...(await judgePosts(stage, run, expected)),
  ];
  return { wrong: wrong.map((line) => `run ${run}: ${line}`), known: [...marked, ...reports] };
}

/** The stream of its messages: each sent once, ended once, and nobody's work any more. */
async function judgePosts(stage: Stage, run: string, expected: readonly string[]): Promise<string[]> {
  const events = await readPostEvents(stage, run);
  const sent = events.flatMap((event) => (event.type === 'post.sent' ? [event.key] : []));
  const refused = events.filter(({ type }) => type === 'post.refused');
  const ends = events.filter(({ type }) => type === 'posts.ended');
  const last = events.at(-1);
  const unfinished = await stage.ledger.unfinished();
  return [
    // One that was overtaken while it was in doubt is found last.
    ...compare('the messages recorded as sent', sent.toSorted(), expected.toSorted()),
    ...(refused.length === 0 ? [] : [`${refused.length} messages are recorded as refused`]),
    ...(new Set(events.map(({ eid }) => eid)).size === events.length ? [] : ['an event is there twice']),
    ...(ends.length === 1 && last?.type === 'posts.ended' ? [] : ['its messages have no one end']),
    ...(last?.type === 'posts.ended' && last.why !== undefined ? [`left unsaid: ${last.why}`] : []),
    ...(unfinished.includes(postsStream(run)) ? ['its messages are still listed as unfinished'] : []),
  ];
}

function compare(what: string, are: readonly string[], expected: readonly string[]): string[] {
  return are.join() === expected.join() ? [] : [`${what} are ${are.join(', ')} and not ${expected.join(', ')}`];
}
