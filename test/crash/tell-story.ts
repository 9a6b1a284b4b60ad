import type { Stage } from './stage.ts';
import { readEvents, readPostEvents } from './stage.ts';

/** What happened in a trial that went wrong, for whoever has to find out why. */
export async function tellStory(stage: Stage, began: number): Promise<string> {
  const { slack, pagerDuty } = stage.sandbox;
  const killed = stage.killSwitch
    .killed()
    .map(({ of, what, point }) => `killed ${of} at ${point.at} ${what}, ${point.phase}`);
  const runs = await Promise.all((await stage.ledger.recent(5)).map((stream) => tellRun(stage, stream, began)));
  const incidents = await Promise.all(
    (await stage.ledger.incidents(5)).map(async (stream) => {
      const entries = await stage.ledger.read(stream);
      return [stream, ...entries.map(({ event }) => tellEvent(event, began))].join('\n');
    }),
  );
  const asked = (slack?.calls() ?? []).map(({ at, method, answer }) => `${tellTime(at - began)} ${method}: ${answer}`);
  const paged = (pagerDuty?.calls() ?? []).map(
    ({ at, operation, answer }) => `${tellTime(at - began)} ${operation}: ${answer}`,
  );
  const rooms = (slack?.channelNames() ?? [])
    .filter((name) => name.startsWith('incident'))
    .map((name) => slack?.renderChannel(name));
  return [...killed, ...runs, ...incidents, ...asked, ...paged, ...rooms, stage.log()].join('\n');
}

async function tellRun(stage: Stage, stream: string, began: number): Promise<string> {
  const run = stream.replace(/^run-/, '');
  const events = [...(await readEvents(stage, run)), ...(await readPostEvents(stage, run))];
  return [stream, ...events.map((event) => tellEvent(event, began))].join('\n');
}

function tellEvent(event: { type: string }, began: number): string {
  const { at, step, key, effects, error, why } = event as {
    at?: number;
    step?: string;
    key?: string;
    effects?: { key: string; attempt: number }[];
    error?: Error;
    why?: string;
  };
  const begun = effects?.map((effect) => `${effect.key}/${effect.attempt}`).join(' ');
  return `${tellTime((at ?? 0) - began)} ${event.type} ${step ?? key ?? begun ?? ''} ${error?.message ?? why ?? ''}`;
}

function tellTime(ms: number): string {
  return `  ${String(ms).padStart(6)} ms`;
}
