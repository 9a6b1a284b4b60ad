import { expect } from 'vitest';
import type { Message } from '../../../sandbox/slack/slack-types.ts';
import { foldIncident, type IncidentView } from '../../../src/domain/incident.ts';
import { incidentStream } from '../../../src/domain/incident-events.ts';
import { pageKeyAt } from '../../../src/domain/incident-pages.ts';
import { nextForIncident } from '../../../src/domain/next-for-incident.ts';
import { PATIENCE_MS } from '../slack/patience.ts';
import { eventually } from '../world.ts';
import type { IncidentWorld } from './open-incidents.ts';

/** What there is of an incident: in the ledger, in Slack and at PagerDuty. */

/** All incidents of the namespace, oldest first, read behind everybody's back. */
export async function incidentsOf(
  { ledger }: Pick<IncidentWorld, 'ledger'>,
  namespace: string,
): Promise<IncidentView[]> {
  const streams = (await ledger.incidents(500)).reverse();
  const views = await Promise.all(
    streams.map(async (stream) => {
      const entries = await ledger.read(stream);
      const state = foldIncident(entries);
      return state === undefined ? [] : [{ stream, entries, state }];
    }),
  );
  return views.flat().filter(({ state }) => state.opening.target?.namespace === namespace);
}

/** Waits until the namespace's incident is declared; answers its id. */
export async function declared(world: IncidentWorld, namespace: string): Promise<string> {
  const find = async () => (await incidentsOf(world, namespace))[0]?.state.opening.incident;
  return eventually(`an incident of ${namespace}`, find, PATIENCE_MS);
}

export async function read({ ledger }: Pick<IncidentWorld, 'ledger'>, incident: string): Promise<IncidentView> {
  const stream = incidentStream(incident);
  const entries = await ledger.read(stream);
  const state = foldIncident(entries);
  if (state === undefined) throw new Error(`there is no incident ${incident}`);
  return { stream, entries, state };
}

/** Waits until the incident, as the ledger tells it, is so. */
export async function until(
  world: IncidentWorld,
  incident: string,
  what: string,
  isSo: (view: IncidentView) => boolean,
  limitMs = PATIENCE_MS,
): Promise<IncidentView> {
  return eventually(
    what,
    async () => {
      const view = await read(world, incident);
      return isSo(view) ? view : undefined;
    },
    limitMs,
  );
}

/** Waits, letting time pass quickly, until nothing that Muster wants to do about it is left. */
export async function untilDone(world: IncidentWorld, incident: string): Promise<IncidentView> {
  const settings = {
    ...{ statusUpdateMs: 900_000, pager: { rest: true, events: true }, chat: true },
    ...{ announceIn: 'incidents', stakeholders: undefined },
  };
  let left: string[] = [];
  try {
    return await until(world, incident, 'all is done', ({ state }) => {
      const { wanted } = nextForIncident(state, world.clock.now(), settings);
      left = wanted.map(({ key }) => `${key}: ${state.effects.get(key)?.delayed.join(', ')}`);
      if (left.length > 0) world.clock.move(PASSING_MS);
      return left.length === 0;
    });
  } catch {
    throw new Error(`not everything was done about ${incident}: ${left.join('\n')}`);
  }
}

/** How much time passes at once while something is waited for, ms: so that nobody waits for what is tried again by and by. */
const PASSING_MS = 250;

/** Everything that the bot said about it in any channel, by the effect that said it. */
export function saidOf(
  { slack }: IncidentWorld,
  incident: string,
): { key: string; channel: string; message: Message }[] {
  const prefix = `incident/${incident}/`;
  return slack.channelNames().flatMap((channel) =>
    slack
      .channel(channel)
      .messages()
      .flatMap((message) => {
        const key = keyOf(message);
        return key?.startsWith(prefix) === true ? [{ key: key.slice(prefix.length), channel, message }] : [];
      }),
  );
}

function keyOf({ metadata }: Message): string | undefined {
  const payload = metadata?.['event_payload'];
  const key = typeof payload === 'object' && payload !== null && 'key' in payload ? payload['key'] : undefined;
  return typeof key === 'string' ? key : undefined;
}

/** As people read the card in the incident's room; empty: there is none. */
export function cardOf({ slack }: IncidentWorld, incident: string): string {
  const room = roomsOf({ slack }, incident)[0];
  return room === undefined ? '' : slack.renderChannel(room);
}

/** Waits until the room's screen says so. */
export async function untilCard(world: IncidentWorld, incident: string, says: RegExp): Promise<string> {
  let card = '';
  try {
    return await eventually(
      `the card says ${says}`,
      () => {
        card = cardOf(world, incident);
        if (says.test(card)) return card;
        world.clock.move(PASSING_MS);
        return undefined;
      },
      PATIENCE_MS,
    );
  } catch {
    throw new Error(`the card does not say ${says}: ${card}`);
  }
}

export function roomsOf({ slack }: Pick<IncidentWorld, 'slack'>, incident: string): string[] {
  const all = slack.channelNames().filter((name) => name.startsWith(`incident-${incident}`));
  return all.filter((name) => name === `incident-${incident}` || /-[b-d]$/.test(name));
}

/** How often telephones rang for the incident's page, as `oncall triggered`. */
export async function rangFor(world: IncidentWorld, incident: string, page = 1): Promise<string[]> {
  const ids = await pagersOf(world, incident, page);
  return world.pagerDuty
    .pages()
    .filter((it) => ids.includes(it.incident))
    .map(({ user, why }) => `${user} ${why}`);
}

/** PagerDuty's incidents of the page, by whichever way they were made. */
export async function pagersOf(world: IncidentWorld, incident: string, page = 1): Promise<string[]> {
  const { state } = await read(world, incident);
  const key = pageKeyAt(state.opening, `page:${page}`);
  const title = state.opening.title;
  return world.pagerDuty
    .incidents()
    .filter(({ incident_key, title: its }) => incident_key === key || (page === 1 && String(its).includes(title)))
    .map(({ id }) => String(id));
}

/** One channel, one card, one announcement, one page, each message once; nothing is left to do. */
export async function expectOnce(world: IncidentWorld, incident: string): Promise<void> {
  const { state } = await untilDone(world, incident);
  const keys = saidOf(world, incident).map(({ key }) => key);
  expect(new Set(keys).size, `something was said twice: ${keys.join(', ')}`).toBe(keys.length);
  expect(keys).toEqual(expect.arrayContaining(['post-card', 'announce']));
  expect(roomsOf(world, incident)).toHaveLength(1);
  expect(await pagersOf(world, incident)).toHaveLength(1);
  expect(await incidentsOf(world, state.opening.target?.namespace ?? '')).toHaveLength(1);
}
