import type { Arrival, BoltDoor } from './slack-bolt.ts';
import type { SlackLog } from './slack-log.ts';
import { parseEnvelope } from './slack-payload.ts';
import { keepSocket, type SlackSocket, type SocketSetup } from './slack-socket.ts';
import type { Acknowledge, Envelope } from './slack-wire.ts';

export interface Inbox extends Pick<SlackSocket, 'trouble'> {
  /** Takes nothing new; waits for the acknowledgements that are due, and closes every web socket. */
  close(): Promise<void>;
}

export interface InboxSetup extends Omit<SocketSetup, 'onEnvelope'> {
  door: BoltDoor;
}

/** Slack's web sockets as a way in: every envelope enters by the same door as a request over HTTP. */
export function openInbox({ door, ...setup }: InboxSetup): Inbox {
  const due = new Set<Promise<unknown>>();
  let closing = false;
  const socket = keepSocket({
    ...setup,
    onEnvelope: (envelope, ack) => {
      // Not acknowledged, Slack gives it to another replica, or tells the person.
      if (closing) return;
      const answering = take(door, setup.log, envelope, ack).finally(() => due.delete(answering));
      due.add(answering);
    },
  });
  return {
    trouble: socket.trouble,
    close: async () => {
      closing = true;
      while (due.size > 0) await Promise.all(due);
      await socket.close();
    },
  };
}

/** Resolves once the envelope has been acknowledged, or will not be. Never rejects. */
async function take(door: BoltDoor, log: SlackLog, envelope: Envelope, ack: Acknowledge): Promise<void> {
  const arrivedAt = performance.now();
  const { id, type, payload, takesContent, retryNum, retryReason } = envelope;
  const received = parseEnvelope(type, payload);
  if (received === undefined) return log.warn({ id, type }, 'an envelope of Slack that cannot be understood');
  const { promise: answered, resolve } = Promise.withResolvers<void>();
  const reply: Arrival['reply'] = async (status, content) => {
    // As over HTTP, what could not be recorded is left to Slack to send again.
    const sent = status === 200 && (await send(ack, takesContent ? content : undefined));
    if (status === 200 && !sent) log.warn({ id, type }, 'an envelope was not acknowledged: its web socket is gone');
    resolve();
    return sent && (content === undefined || takesContent);
  };
  door.process(received, {
    ...{ arrivedAt, reply },
    ...(retryNum === undefined ? {} : { retryNum }),
    ...(retryReason === undefined ? {} : { retryReason }),
  });
  return answered;
}

async function send(ack: Acknowledge, content: object | undefined): Promise<boolean> {
  try {
    await ack(content);
    return true;
  } catch {
    return false;
  }
}
