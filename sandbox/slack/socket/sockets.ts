import { setTimeout as delay } from 'node:timers/promises';
import type { Connection } from './connection.ts';
import { createEntrance, type Entrance, type EntranceParts } from './entrance.ts';

/** What a test does to the app's web sockets; all of them, where it does not say which. */
export interface Sockets {
  /** How many are open: Slack has said hello. */
  open(): number;
  /** How many there have been in all. */
  opened(): number;
  /** Cuts them without a goodbye. */
  drop(): void;
  /** Ends them with this code. */
  close(code: number): void;
  /** Says that they will end, and ends them after that time; new envelopes still go there if there is no other. */
  disconnect(reason: 'warning' | 'refresh_requested' | 'link_disabled', afterMs?: number): void;
  /** They stay, but nothing comes and nothing is heard any more, pongs included. */
  mute(): void;
  /** Sends this to each of them, as it is. */
  send(text: string): void;
}

export interface SocketSide extends Sockets, Pick<Entrance, 'issueUrl' | 'upgrade'> {
  /** The next in turn. */
  pick(): Connection | undefined;
  shut(): void;
}

const END_AFTER_MS = { warning: 10_000, refresh_requested: 1_000, link_disabled: 0 } as const;

/** Slack's side of Socket Mode. */
export function createSockets(parts: EntranceParts): SocketSide {
  const closing = new AbortController();
  const { connections, opened, issueUrl, upgrade } = createEntrance(parts, closing.signal);
  const each = (act: (connection: Connection) => void) => void [...connections].map(act);
  const open = () => [...connections].filter((connection) => connection.open);
  let turn = 0;
  return {
    ...{ opened, issueUrl, upgrade },
    open: () => open().length,
    drop: () => each((connection) => connection.cut()),
    close: (code) => each((connection) => connection.close(code)),
    disconnect: (reason, afterMs = END_AFTER_MS[reason]) =>
      void open().map((connection) => endAfter(connection, reason, afterMs, closing.signal)),
    mute: () =>
      each((connection) => {
        connection.muted = true;
      }),
    send: (text) => each((connection) => connection.sendRaw(text)),
    pick: () => {
      const staying = open().filter(({ leaving }) => !leaving);
      const from = staying.length > 0 ? staying : open();
      turn += 1;
      return from[turn % from.length];
    },
    shut: () => {
      closing.abort();
      each((connection) => connection.cut());
    },
  };
}

function endAfter(connection: Connection, reason: string, afterMs: number, signal: AbortSignal): void {
  connection.leaving = true;
  connection.send({ type: 'disconnect', reason, debug_info: { host: 'sandbox' } });
  delay(afterMs, undefined, { signal }).then(
    () => connection.close(1000),
    () => undefined,
  );
}
