import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Parcel } from '../deliveries/courier.ts';
import type { Reply } from '../deliveries/post-signed.ts';
import { isObject, type JsonObject, parseJson } from '../json.ts';
import type { Workspace } from '../workspace.ts';
import type { Connection } from './connection.ts';

export interface Carrying {
  workspace: Workspace;
  pick(): Connection | undefined;
  /** Slack's 3 s. */
  ackMs: number;
}

/** How often Slack looks for another connection while it holds an envelope whose own has ended, ms. */
const LOOK_MS = 20;

const TYPES = { command: 'slash_commands', interaction: 'interactive', event: 'events_api' } as const;

/**
 * Sends a parcel over one of the app's web sockets and waits for the acknowledgement. An envelope whose connection ends before goes
 * to another one, under an id of its own; with no connection at all it fails at once, as a command does then. Never rejects.
 */
export async function carry(
  { workspace, pick, ackMs }: Carrying,
  parcel: Parcel,
  { headers = {}, signal }: { headers?: Readonly<Record<string, string>> | undefined; signal: AbortSignal },
): Promise<Reply> {
  const started = performance.now();
  const leftMs = () => ackMs - (performance.now() - started);
  const reply = (rest: Partial<Reply>): Reply => ({
    ...{ status: undefined, headers: {}, text: '', failure: undefined },
    ...rest,
    tookMs: Math.round(performance.now() - started),
  });
  let attempt = Number(headers['x-slack-retry-num'] ?? 0);
  let reason = headers['x-slack-retry-reason'] ?? '';
  let connection = pick();
  if (connection === undefined) return reply({ failure: 'connection' });
  while (!signal.aborted && leftMs() > 0) {
    if (connection === undefined) await delay(LOOK_MS, undefined, { signal }).catch(() => undefined);
    else {
      const fate = await connection.deliver(envelopeOf(parcel, attempt, reason), leftMs());
      if (fate === 'late') break;
      if (fate !== 'gone') return reply(accept(workspace, parcel, fate.ack));
      attempt += 1;
      reason = 'connection_failed';
    }
    connection = pick();
  }
  return reply({ failure: signal.aborted ? 'connection' : 'timeout' });
}

function envelopeOf(parcel: Parcel, attempt: number, reason: string): JsonObject & { envelope_id: string } {
  return {
    envelope_id: randomUUID(),
    type: TYPES[parcel.kind],
    payload: payloadOf(parcel),
    accepts_response_payload: parcel.kind !== 'event',
    ...(parcel.kind === 'event' ? { retry_attempt: attempt, retry_reason: reason } : {}),
  };
}

/** What goes as a form over HTTP goes as JSON here. */
function payloadOf({ kind, body }: Parcel): JsonObject {
  if (kind === 'command') return Object.fromEntries(new URLSearchParams(body));
  const json = parseJson(kind === 'event' ? body : (new URLSearchParams(body).get('payload') ?? ''));
  return isObject(json) ? json : {};
}

function accept({ violations }: Workspace, { kind }: Parcel, ack: JsonObject): Partial<Reply> {
  if (Object.keys(ack).length === 0) return { status: 200 };
  if (kind === 'event') violations.push('the acknowledgement of an event takes no payload');
  return { status: 200, headers: { 'content-type': 'application/json' }, text: JSON.stringify(ack) };
}
