import { createSlack } from './adapters/slack.ts';
import type { Muster } from './compose.ts';
import { type Config, listSecrets } from './config.ts';
import { takesPartialBackup } from './domain/approval.ts';
import { listApprovers } from './domain/approvers.ts';
import type { ChatMessage } from './domain/chat-message.ts';
import type { AnswerDelivery } from './domain/delivery.ts';
import { namedSlackGroups } from './domain/policy.ts';
import type { RunRequest } from './domain/run-events.ts';
import { requestTargets } from './domain/runbook.ts';
import { scrub } from './domain/scrub.ts';
import { createChatGate } from './engine/chat-gate.ts';
import type { DailyDeps } from './engine/daily-doctor.ts';
import type { PostDeps } from './engine/send-post.ts';
import { takeDelivery } from './engine/take-delivery.ts';
import { createTroubleLog } from './engine/trouble-log.ts';
import type { Chat } from './ports.ts';
import { renderRedLines } from './views/doctor.ts';
import { renderPost } from './views/slack/render-post.ts';
import { renderReply } from './views/slack/render-reply.ts';

/** Slack, as the bot has it: the way in, and how messages go out. */
export interface SlackDoor {
  chat: Chat;
  routes: ReturnType<typeof createSlack>['routes'];
  posts: PostDeps;
  /** The daily check; undefined where there is no channel for what it finds. */
  daily: DailyDeps | undefined;
  close(): Promise<void>;
}

/** Opens Slack over HTTP; nothing waits for Slack to answer. Undefined where none is configured. */
export function openSlack(config: Config, muster: Muster): SlackDoor | undefined {
  const { slackBotToken: botToken, slackSigningSecret: signingSecret, slackApiUrl: apiUrl } = config;
  if (botToken === undefined || signingSecret === undefined) return undefined;
  const { log } = muster.engine;
  const secrets = listSecrets(config);
  const answer: AnswerDelivery = (delivery) => answerWith(muster, slack.chat, secrets, delivery);
  const slack = createSlack({ botToken, signingSecret, apiUrl, answer, log });
  return {
    chat: slack.chat,
    routes: slack.routes,
    posts: describePosts(config, muster, slack.chat, secrets),
    daily: describeDaily(config, muster, slack.chat, secrets),
    close: () => slack.close(),
  };
}

async function answerWith(
  { engine: { ledger, log }, policy, dispatch, isUnrecorded }: Muster,
  chat: Chat,
  secrets: readonly string[],
  delivery: Parameters<AnswerDelivery>[0],
): ReturnType<AnswerDelivery> {
  const groups = policy === undefined ? [] : namedSlackGroups(policy);
  const answer = await takeDelivery({ ledger, log, groups, chat, dispatch, isUnrecorded }, delivery);
  if (answer === undefined) return { text: '', recorded: undefined };
  const { text, blocks } = redact(renderReply(answer.lines, answer.ok), secrets);
  return { text, blocks, recorded: answer.ok };
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
    render: (kind, context) => redact(renderPost(kind, context), secrets),
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
  const render: DailyDeps['render'] = (diagnoses) => redact(renderReply(renderRedLines(diagnoses), false), secrets);
  return { ledger, clock, log, doctor, chat, channel, render };
}

/** Whatever got into it, no secret of ours leaves by a message. */
function redact(message: ChatMessage, secrets: readonly string[]): ChatMessage {
  return JSON.parse(scrub(JSON.stringify(message), secrets)) as ChatMessage;
}
