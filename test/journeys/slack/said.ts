import { expect } from 'vitest';
import type { Message } from '../../../sandbox/slack/slack-types.ts';
import { eventually } from '../world.ts';
import type { SlackWorld } from './open-slack.ts';
import { PATIENCE_MS } from './patience.ts';

/** What was said about a run, found by the key in each message's metadata. */

export interface Said {
  channel: string;
  /** `card`, `plan`, `end`...: without the moment that it is about. */
  kind: string;
  key: string;
  ts: string;
  /** All that people read in it. */
  text: string;
  /** Command lines of its buttons. */
  buttons: string[];
}

const DIRECT = ['@oncall', '@lead', '@dba', '@stranger'];

/** Everything about the run that is in a channel or in one of the bot's direct messages now, in order. */
export function saidAbout({ slack }: SlackWorld, run: string): Said[] {
  const places = [...slack.channelNames(), ...DIRECT];
  return places
    .flatMap((channel) =>
      slack
        .channel(channel)
        .messages()
        .map((message) => ({ channel, message })),
    )
    .flatMap(({ channel, message }) => {
      const key = keyOf(message);
      if (key === undefined || !key.startsWith(`${run}/`)) return [];
      const kind = key.slice(run.length + 1).replace(/-\d+$/, '');
      return [{ channel, kind, key, ts: message.ts, text: readable(message), buttons: buttonsOf(message) }];
    })
    .sort((a, b) => (a.ts < b.ts ? -1 : 1));
}

function keyOf({ metadata }: Message): string | undefined {
  const payload = metadata?.['event_payload'];
  const key = typeof payload === 'object' && payload !== null && 'key' in payload ? payload['key'] : undefined;
  return typeof key === 'string' ? key : undefined;
}

function readable({ text, blocks = [] }: Message): string {
  return blocks.length === 0 ? text : blocks.flatMap((block) => textsIn(block)).join('\n');
}

function textsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'text' && typeof inner === 'string' ? [inner] : key === 'confirm' ? [] : textsIn(inner),
  );
}

function buttonsOf({ blocks = [] }: Message): string[] {
  return blocks
    .filter(({ type }) => type === 'actions')
    .flatMap(({ elements }) => (Array.isArray(elements) ? elements : []))
    .flatMap((element) =>
      typeof element === 'object' && element !== null && 'value' in element ? [String(element['value'])] : [],
    );
}

/** Waits for a message of that kind; `where`: what must be in its text. */
export async function untilSaid(
  world: SlackWorld,
  run: string,
  kind: string,
  where = /./,
  limitMs = PATIENCE_MS,
): Promise<Said> {
  try {
    return await eventually(
      kind,
      () => saidAbout(world, run).findLast((it) => it.kind === kind && where.test(it.text)),
      limitMs,
    );
  } catch {
    const found = saidAbout(world, run).map((it) => `${it.channel} ${it.key}: ${it.text}`);
    throw new Error(`no ${kind} that says ${where}; there is: ${found.join('\n')}`);
  }
}

/** Waits until everything is said; `saidInTheEnd`, and of exactly these kinds, in this order. */
export async function expectSaid(
  world: SlackWorld,
  run: string,
  kinds: readonly string[],
  limitMs?: number,
): Promise<Said[]> {
  const said = await saidInTheEnd(world, run, limitMs);
  expect(said.map(({ kind }) => kind)).toEqual(kinds);
  return said;
}

/**
 * Waits until everything is said, then: no message and no file twice, and nothing that can still be pressed but Details, so all
 * are in their final form.
 */
export async function saidInTheEnd(world: SlackWorld, run: string, limitMs?: number): Promise<Said[]> {
  await untilPostsEnded(world, run, limitMs);
  const said = saidAbout(world, run);
  expect(new Set(said.map(({ key }) => key)).size, 'a message was said twice').toBe(said.length);
  const files = world.slack.files().flatMap(({ name }) => (name.includes(run) ? [name] : []));
  expect(new Set(files).size, 'a file was shared twice').toBe(files.length);
  const pressable = said.flatMap(({ buttons }) => buttons);
  expect(pressable).toEqual(said.some(({ kind }) => kind === 'card') ? [`status ${run}`] : []);
  return said;
}

/** Waits until Muster has recorded that nothing more is to be said. */
export async function untilPostsEnded(world: SlackWorld, run: string, limitMs = PATIENCE_MS): Promise<void> {
  const read = () => world.ledger.read(`posts-${run}`).catch(() => []);
  try {
    await eventually(
      'posts.ended',
      async () => (await read()).some(({ event }) => event.type === 'posts.ended') || undefined,
      limitMs,
    );
  } catch {
    const events = (await read()).map(({ event }) => JSON.stringify(event)).join('\n');
    throw new Error(`not everything was said about ${run}: ${events}`);
  }
}
