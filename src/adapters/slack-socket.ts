import { setTimeout as sleep } from 'node:timers/promises';
import { coerceError } from '../errors.ts';
import { type Line, type LineSetup, openLine } from './slack-line.ts';
import type { SlackLog } from './slack-log.ts';

/** Between attempts, ms: none at first, then doubled up to the longest, and shortened by chance, so that replicas do not come at once. */
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 10_000;
/** Slack may ask for more, but not for a day. */
const LONGEST_ASKED_MS = 60_000;
/** A line that lasted so long was a good one: its end is no failure. */
const STEADY_MS = 5_000;
/** How long a line that Slack is about to end may still bring something once there is another, ms. */
const RETIRED_MS = 30_000;

export interface SocketSetup extends Omit<LineSetup, 'clientOptions'> {
  /** Made anew for every line. */
  clientOptions: (signal: AbortSignal) => LineSetup['clientOptions'];
}

export interface SlackSocket {
  /** Why there is no web socket to Slack; undefined: there is one. */
  trouble(): string | undefined;
  /** Closes every web socket; nothing comes in after that. */
  close(): Promise<void>;
}

/** Keeps a web socket to Slack open, whatever Slack does and however long, until it is closed. Nothing waits for the first one. */
export function keepSocket(setup: SocketSetup): SlackSocket {
  const stop = new AbortController();
  const lines = new Set<Line>();
  let trouble = 'Slack has not answered yet';
  const open = () => openLine({ ...setup, clientOptions: setup.clientOptions(stop.signal) }, stop.signal);
  const running = supervise(open, setup.log, stop.signal, {
    onLine: (line) => keepLine(lines, line, stop.signal),
    onTrouble: (reason) => {
      trouble = reason;
    },
  });
  return {
    trouble: () => (lines.size > 0 ? undefined : trouble),
    close: async () => {
      stop.abort();
      await running;
      await Promise.all([...lines].map((line) => line.close()));
    },
  };
}

interface Told {
  onLine(line: Line): void;
  onTrouble(reason: string): void;
}

/** One line after the other, the next one while the last still lives if Slack gives notice. It never rejects. */
async function supervise(open: () => Promise<Line>, log: SlackLog, stop: AbortSignal, told: Told): Promise<void> {
  let failures = 0;
  let askedMs = 0;
  let said: string | undefined;
  while (!stop.aborted) {
    await pause(Math.max(waitAfter(failures), Math.min(askedMs, LONGEST_ASKED_MS)), stop);
    askedMs = 0;
    try {
      const line = await open();
      const openedAt = performance.now();
      told.onLine(line);
      log.info({ failures }, 'Socket Mode is connected');
      said = undefined;
      const reason = await untilLeaving(line, stop);
      const lastedMs = Math.round(performance.now() - openedAt);
      failures = lastedMs >= STEADY_MS ? 0 : failures + 1;
      told.onTrouble(`the web socket ended: ${reason}`);
      if (!stop.aborted) log.info({ reason, lastedMs }, 'Socket Mode needs another connection');
    } catch (thrown) {
      const { code, message, retryAfterMs = 0 } = coerceError(thrown);
      if (stop.aborted) return;
      failures += 1;
      askedMs = retryAfterMs;
      told.onTrouble(message);
      // Once for as long as it lasts.
      if (message !== said) log.warn({ code, reason: message }, 'Socket Mode is not connected; trying until it is');
      said = message;
    }
  }
}

/** The new one takes over; those before it may still bring what is on its way. */
function keepLine(lines: Set<Line>, line: Line, stop: AbortSignal): void {
  for (const old of lines) void retire(old, stop);
  lines.add(line);
  void line.ended.then(() => lines.delete(line));
}

async function retire(line: Line, stop: AbortSignal): Promise<void> {
  const over = new AbortController();
  void line.ended.then(() => over.abort());
  await pause(RETIRED_MS, AbortSignal.any([stop, over.signal]));
  if (!stop.aborted) await line.close();
}

async function untilLeaving(line: Line, stop: AbortSignal): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const end = () => resolve('Muster stops');
  stop.addEventListener('abort', end, { once: true });
  const reason = await Promise.race([line.leaving, promise]);
  stop.removeEventListener('abort', end);
  return reason;
}

function waitAfter(failures: number): number {
  if (failures < 2) return 0;
  return Math.min(FIRST_WAIT_MS * 2 ** (failures - 2), LONGEST_WAIT_MS) * (0.5 + Math.random() / 2);
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
