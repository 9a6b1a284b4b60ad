import { setTimeout as sleep } from 'node:timers/promises';
import type { AnswerDelivery } from '../domain/delivery.ts';
import type { Rooms } from '../incident-ports.ts';
import type { Chat } from '../ports.ts';
import { type BoltDoor, createDoor } from './slack-bolt.ts';
import { createChannelBook } from './slack-channels.ts';
import { clientOptions, createCaller } from './slack-client.ts';
import { createAttach } from './slack-files.ts';
import { createGroupsOf } from './slack-groups.ts';
import { createIdentityDesk, keepAsking } from './slack-identity.ts';
import { openInbox } from './slack-inbox.ts';
import type { SlackLog } from './slack-log.ts';
import { createMessages, type SlackDesk } from './slack-messages.ts';
import { createModals, type Modals } from './slack-modal.ts';
import { findPlaces, type SlackPlaces } from './slack-places.ts';
import { createRead } from './slack-read.ts';
import { createRoute, type HttpAnswer, renderAnswer, retryOf, type SlackRoute } from './slack-receiver.ts';
import { createRooms } from './slack-rooms.ts';

/** How long a stop waits for whoever decides, and then for telling people that it was in vain, ms. */
const DRAIN_MS = 4_000;
const FAREWELL_MS = 1_000;

/** Slack delivers an event again after this, and tells a person that the app did not answer. */
const STOPPING = { status: 503, body: '' };

export interface SlackSetup {
  botToken: string;
  /** How what people do comes in: Slack sends it to us, signed, or we fetch it over a web socket. */
  way: { signingSecret: string } | { appToken: string };
  apiUrl: string;
  answer: AnswerDelivery;
  log: SlackLog;
}

export interface Slack {
  chat: Chat;
  rooms: Rooms;
  /** None with Socket Mode. */
  routes: { 'POST /slack/events'?: SlackRoute };
  /** Why nothing can come in now; undefined: it can, as far as is known. */
  trouble(): string | undefined;
  /** Takes nothing new, waits for what is in flight, and leaves nothing behind; safe to call twice. */
  close(): Promise<void>;
}

/** Slack: the way in and the way out. It starts, stays and answers with Slack down. */
export function createSlack({ botToken, way, apiUrl, answer, log }: SlackSetup): Slack {
  const places = findPlaces(apiUrl);
  const stopping = new AbortController();
  const closed = new AbortController();
  const options = (signal = closed.signal) => clientOptions(places, log, signal);
  const call = createCaller(botToken, options());
  const identity = createIdentityDesk(call);
  const desk: SlackDesk = { call, channels: createChannelBook(call), identity, log };
  const modals = createModals(call);
  const door = createDoor({
    ...{ answer, places, log, modals, stopping: stopping.signal, closed: closed.signal },
    clientOptions: options(),
    whoWeAre: () => {
      const { botId, botUserId } = identity.known() ?? {};
      return { botToken, ...(botId === undefined ? {} : { botId }), ...(botUserId === undefined ? {} : { botUserId }) };
    },
  });
  const asking = keepAsking(identity, log, closed.signal);
  const inbox = 'appToken' in way ? openInbox({ ...way, places, log, door, clientOptions: options }) : undefined;
  let closing: Promise<void> | undefined;
  const close = async () => {
    await Promise.all([endWithin(door.settled(), DRAIN_MS), inbox?.close()]);
    stopping.abort();
    await endWithin(door.settled(), FAREWELL_MS);
    closed.abort();
    await Promise.all([door.settled(), asking]);
  };
  return {
    chat: createChat(desk, modals, places, closed.signal),
    rooms: createRooms(desk),
    routes: 'signingSecret' in way ? routesTo(door, way.signingSecret, () => closing !== undefined) : {},
    trouble: () => inbox?.trouble(),
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}

function routesTo(door: BoltDoor, signingSecret: string, isClosing: () => boolean): Slack['routes'] {
  const route = createRoute(signingSecret, async (received, request, arrivedAt) => {
    if (isClosing()) return STOPPING;
    const { promise, resolve } = Promise.withResolvers<HttpAnswer>();
    const reply = async (status: number, content: object | undefined) => {
      resolve(renderAnswer(status, content));
      return true;
    };
    door.process(received, { arrivedAt, reply, ...retryOf(request) });
    return promise;
  });
  return { 'POST /slack/events': route };
}

/** Resolves when the other has, or when the time is up. */
async function endWithin(other: Promise<void>, ms: number): Promise<void> {
  const limit = new AbortController();
  await Promise.race([other, sleep(ms, undefined, { signal: limit.signal }).catch(() => undefined)]);
  limit.abort();
}

function createChat(desk: SlackDesk, modals: Modals, places: SlackPlaces, closed: AbortSignal): Chat {
  return {
    ...createMessages(desk),
    read: createRead(desk),
    attach: createAttach(desk, places, closed),
    groupsOf: createGroupsOf(desk),
    openModal: modals.open,
    whoAmI: async (signal) => {
      const { team, user } = await desk.identity.ask(signal);
      return { team, user };
    },
  };
}
