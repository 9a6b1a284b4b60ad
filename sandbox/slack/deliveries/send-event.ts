import { setTimeout as delay } from 'node:timers/promises';
import type { JsonObject } from '../json.ts';
import { unixSeconds } from '../workspace.ts';
import type { Delivery, Parcel } from './courier.ts';
import type { Desk } from './send-command.ts';

export interface EventOptions {
  /** Milliseconds before each retry: Slack's are at once, after a minute, after five. */
  retryDelaysMs: readonly number[];
  signal: AbortSignal;
}

const json = (body: JsonObject): Pick<Parcel, 'body' | 'contentType'> => ({
  body: JSON.stringify(body),
  contentType: 'application/json',
});

function envelope({ workspace, verificationToken }: Desk, event: JsonObject): JsonObject {
  const { team, appId, bot } = workspace;
  return {
    token: verificationToken,
    team_id: team.id,
    api_app_id: appId,
    event: { event_ts: workspace.nextTs(), ...event },
    type: 'event_callback',
    event_id: workspace.nextId('Ev'),
    event_time: unixSeconds(workspace),
    authorizations: [
      { enterprise_id: null, team_id: team.id, user_id: bot.user, is_bot: true, is_enterprise_install: false },
    ],
    is_ext_shared_channel: false,
    event_context: workspace.nextId('EC'),
  };
}

function reasonOf({ error, status }: Delivery): string {
  if (error === 'operation_timeout') return 'http_timeout';
  return status === undefined ? 'connection_failed' : 'http_error';
}

/** An event of the Events API; sent up to three times more until the app answers with 2xx. All attempts, in order. */
export async function sendEvent(desk: Desk, event: JsonObject, options: EventOptions): Promise<Delivery[]> {
  const attempts = [await desk.courier.send({ kind: 'event', ...json(envelope(desk, event)) })];
  for (const [index, ms] of options.retryDelaysMs.entries()) {
    const last = attempts.at(-1);
    if (last === undefined || last.error === undefined || last.headers['x-slack-no-retry'] === '1') break;
    await delay(ms, undefined, { signal: options.signal });
    const headers = { 'x-slack-retry-num': String(index + 1), 'x-slack-retry-reason': reasonOf(last) };
    attempts.push(await desk.courier.again(last.deliveryId, { headers }));
  }
  return attempts;
}

/** What Slack asks when the URL is entered: the app answers with the challenge. */
export function verifyUrl({ courier, workspace, verificationToken }: Desk): Promise<Delivery> {
  const challenge = workspace.nextId('challenge-');
  return courier.send({ kind: 'event', ...json({ token: verificationToken, challenge, type: 'url_verification' }) });
}
