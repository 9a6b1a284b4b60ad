import { createSlack } from './adapters/slack.ts';
import type { Muster } from './compose.ts';
import { type Config, listSecrets } from './config.ts';
import { takesPartialBackup } from './domain/approval.ts';
import { listApprovers } from './domain/approvers.ts';
import type { TextFile } from './domain/chat-message.ts';
import type { AnswerDelivery, Delivery } from './domain/delivery.ts';
import { namedSlackGroups } from './domain/policy.ts';
import type { RunRequest } from './domain/run-events.ts';
import { requestTargets } from './domain/runbook.ts';
import { scrubAll } from './domain/scrub.ts';
import { createChatGate } from './engine/chat-gate.ts';
import type { DailyDeps } from './engine/daily-doctor.ts';
import type { PostDeps } from './engine/send-post.ts';
import { type DoorDeps, takeDelivery } from './engine/take-delivery.ts';
import { takeEvent } from './engine/take-event.ts';
import { createTroubleLog } from './engine/trouble-log.ts';
import { coerceError, DrError } from './errors.ts';
import type { Rooms } from './incident-ports.ts';
import type { Chat } from './ports.ts';
import { renderRedLines } from './views/doctor.ts';
import { renderPost } from './views/slack/render-post.ts';
import { renderReply } from './views/slack/render-reply.ts';

/** Slack, as the bot has it: the way in, and how messages go out. */
export interface SlackDoor {
  chat: Chat;
  rooms: Rooms;
  routes: ReturnType<typeof createSlack>['routes'];
  /** Says that commands can come in, and from where. @throws DrError CHAT_UNREACHABLE, CHAT_FORBIDDEN ... */
  probe(): Promise<string>;
  posts: PostDeps;
  /** The daily check; undefined where there is no channel for what it finds. */
  daily: DailyDeps | undefined;
  close(): Promise<void>;
}

/** Opens Slack, over a web socket where there is a token for it, else over HTTP; nothing waits for Slack. Undefined where none is configured. */
export function openSlack(config: Config, muster: Muster): SlackDoor | undefined {
  const { slackBotToken: botToken, slackApiUrl: apiUrl } = config;
  const way = wayIn(config);
  if (botToken === undefined || way === undefined) return undefined;
  const { log } = muster.engine;
  const secrets = listSecrets(config);
  const answer: AnswerDelivery = (delivery) =>
    answerWith({ ...describeWayIn(config, muster), chat: slack.chat }, secrets, delivery);
  const slack = createSlack({ botToken, way, apiUrl, answer, log });
  const over = 'appToken' in way ? 'Socket Mode' : 'HTTP';
  const unused = over === 'Socket Mode' && config.slackSigningSecret !== undefined ? ['SLACK_SIGNING_SECRET'] : [];
  log.info({ over, unused }, 'Slack commands come in');
  muster.incidents.meetRooms(slack.rooms);
  return {
    chat: slack.chat,
    rooms: slack.rooms,
    routes: slack.routes,
    posts: describePosts(config, muster, slack.chat, secrets),
    probe: () => probe(slack, over),
    daily: describeDaily(config, muster, slack.chat, secrets),
    close: () => slack.close(),
  };
}

function wayIn({ slackAppToken: appToken, slackSigningSecret: signingSecret }: Config) {
  if (appToken !== undefined) return { appToken };
  return signingSecret === undefined ? undefined : { signingSecret };
}

async function probe({ chat, trouble }: ReturnType<typeof createSlack>, over: string): Promise<string> {
  const reason = trouble();
  if (reason !== undefined) {
    const action = 'Wait; Muster keeps trying. Until then give commands in the terminal: dr help';
    throw new DrError({
      code: 'CHAT_UNREACHABLE',
      message: `No web socket to Slack: ${reason}`,
      action,
      retryable: true,
    });
  }
  const { team, user } = await chat.whoAmI(AbortSignal.timeout(3_000));
  return `${user} in ${team}, over ${over}`;
}

function describeWayIn(config: Config, { engine, policy, dispatch, isUnrecorded, doesPage, incidents }: Muster) {
  const { ledger, clock, log } = engine;
  const groups = namedSlackGroups(policy);
  const about = { policy, groups, incidents: incidents.engine, emoji: config.slackTimelineEmoji };
  return { ledger, clock, log, dispatch, isUnrecorded, doesPage, ...about };
}

async function answerWith(
  deps: DoorDeps & { chat: Chat },
  secrets: readonly string[],
  delivery: Parameters<AnswerDelivery>[0],
): ReturnType<AnswerDelivery> {
  if (delivery.kind === 'event') return { text: '', recorded: await takeEvent(deps, delivery) };
  const answer = await takeDelivery(deps, delivery);
  if (answer === undefined || answer.lines.length === 0) return { text: '', recorded: undefined };
  const lines = answer.file === undefined ? [] : [await sendFile(deps.chat, delivery, answer.file)];
  const { text, blocks } = scrubAll(renderReply([...answer.lines, ...lines], answer.ok), secrets);
  return { text, blocks, recorded: answer.ok };
}

/** How long a file may take to get to Slack, ms: three calls and the upload. */
const FILE_MS = 25_000;

/** To the asker's direct messages: what a log says is for whoever may ask for it, not for a channel. Answers where it is. */
async function sendFile(chat: Chat, { id, user }: Delivery, file: TextFile): Promise<string> {
  const inTerminal = 'read it in the terminal, with the same command: dr ...';
  if (user === undefined) return `There is nobody to send the file to; ${inTerminal}`;
  try {
    const signal = AbortSignal.timeout(FILE_MS);
    const posted = await chat.post(
      { channel: user, key: `file/${id}`, message: renderReply([file.title], true) },
      signal,
    );
    await chat.attach(posted, file, signal);
    return 'It is a file in your direct messages with Muster.';
  } catch (thrown) {
    return `The file did not get to your direct messages (${coerceError(thrown).message}); ${inTerminal}`;
  }
}

function describePosts(
  config: Config,
  { engine, runs, policy }: Muster,
  chat: Chat,
  secrets: readonly string[],
): PostDeps {
  const { ledger, clock, log } = engine;
  return {
    ...{ ledger, clock, log, chat },
    gate: createChatGate(clock),
    onTrouble: createTroubleLog(log, clock, 'trouble with Slack'),
    render: (kind, context) => scrubAll(renderPost(kind, context), secrets),
    approversOf: (request: RunRequest) =>
      listApprovers(policy, requestTargets(runs.runbooks.get(request.runbook.name), request), request.by, {
        secondPersonAlways: takesPartialBackup(request),
      }),
    progressOf: (view, signal) => runs.progress(view, signal),
    fallback: config.slackIncidentsChannel,
  };
}

function describeDaily(
  { slackIncidentsChannel: channel }: Config,
  { engine: { ledger, clock, log }, doctor }: Muster,
  chat: Chat,
  secrets: readonly string[],
): DailyDeps | undefined {
  if (channel === undefined) return undefined;
  const render: DailyDeps['render'] = (diagnoses) => scrubAll(renderReply(renderRedLines(diagnoses), false), secrets);
  return { ledger, clock, log, doctor, chat, channel, render };
}
