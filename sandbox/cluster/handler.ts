import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Backend, dispatch } from './dispatch.ts';
import { faultAnswer } from './fault-answer.ts';
import type { FaultBox, FaultKind } from './faults.ts';
import { answerPublicPath, notFoundPath } from './public-paths.ts';
import { isJsonObject, type Reply, type ResourceRequest, type StreamReply } from './request.ts';
import {
  createRequestLog,
  createWriteListeners,
  type RequestLog,
  type RequestRecord,
  type WriteListener,
  type WriteListeners,
} from './request-log.ts';
import { findTarget, type Target, type Verb, verbOf } from './routing.ts';
import { methodNotAllowed, StatusError } from './status-error.ts';
import { readBody, sendReply, toReply } from './wire.ts';

export interface HandlerOptions extends Backend {
  token: string;
  faults: FaultBox;
  bookmarkMs: number;
}

export interface Handler {
  /** Answers one request. Rejects only where the connection is past saving. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  requests(): RequestRecord[];
  onWrite(listener: WriteListener): () => void;
}

interface Context extends HandlerOptions {
  log: RequestLog;
  listeners: WriteListeners;
}

/** A request as its first line tells it, before the body is read. */
interface Heading {
  incoming: IncomingMessage;
  url: URL;
  target: Target | undefined;
  verb: Verb | undefined;
}

const WRITES: readonly string[] = ['create', 'update', 'patch', 'delete', 'deletecollection'];

function nameOf(body: unknown): string | undefined {
  const metadata = isJsonObject(body) ? body['metadata'] : undefined;
  const name = isJsonObject(metadata) ? metadata['name'] : undefined;
  return typeof name === 'string' ? name : undefined;
}

function nameInBody(body: Buffer): string | undefined {
  try {
    return nameOf(JSON.parse(body.toString('utf8')));
  } catch {
    return undefined;
  }
}

async function run(context: Context, request: ResourceRequest): Promise<Reply | StreamReply> {
  const { verb, path, name, resource, namespace, subresource } = request;
  const target = { verb, path, name, resource: resource.key, subresource };
  const settings = { bookmarkMs: context.bookmarkMs, isDropped: () => context.faults.takeDrop(target) };
  if (!WRITES.includes(verb)) return await dispatch(context, request, settings);
  const write = { verb, resource: subresource ? `${resource.key}/${subresource}` : resource.key, namespace };
  await context.listeners.tell({ ...write, name: name ?? nameInBody(request.body), phase: 'before' });
  const reply = await dispatch(context, request, settings);
  const stored = 'code' in reply ? nameOf(reply.body) : undefined;
  await context.listeners.tell({ ...write, name: name ?? stored, phase: 'after' });
  return reply;
}

async function answer(context: Context, heading: Heading): Promise<Reply | StreamReply> {
  const { incoming, url, target, verb } = heading;
  const { headers } = incoming;
  const open = answerPublicPath(url.pathname, headers.host ?? '');
  if (open?.isPublic) return open.reply;
  if (headers.authorization !== `Bearer ${context.token}`) {
    throw new StatusError(401, 'Unauthorized', 'Unauthorized');
  }
  if (target === undefined) return open?.reply ?? notFoundPath(url.pathname);
  if (verb === undefined) throw methodNotAllowed();
  const body = await readBody(incoming);
  return await run(context, { ...target, verb, path: url.pathname, query: url.searchParams, headers, body });
}

function record(context: Context, heading: Heading, response: ServerResponse): RequestRecord {
  const { incoming, url, target, verb } = heading;
  const key = target?.resource.key ?? '';
  const entry = context.log.add({
    verb: verb ?? (incoming.method ?? 'GET').toLowerCase(),
    resource: target?.subresource ? `${key}/${target.subresource}` : key,
    namespace: target?.namespace,
    name: target?.name,
    path: url.pathname,
    at: Date.now(),
  });
  response.once('finish', () => {
    entry.status = response.statusCode;
  });
  return entry;
}

async function replyTo(context: Context, heading: Heading, fault: FaultKind | undefined): Promise<Reply | StreamReply> {
  const { target, verb = '' } = heading;
  try {
    const refusal = fault && faultAnswer(fault, verb, target);
    if (refusal !== undefined) throw refusal;
    return await answer(context, heading);
  } catch (error) {
    return toReply(error);
  }
}

/** Waits, but no longer than the client does. */
async function delay(ms: number, response: ServerResponse): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  await sleep(ms, undefined, { signal: gone.signal }).catch(() => undefined);
}

async function handle(context: Context, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(`https://sandbox${incoming.url ?? '/'}`);
  const target = findTarget(url.pathname);
  const verb = target && verbOf(incoming.method ?? 'GET', target, url.searchParams);
  const heading = { incoming, url, target, verb };
  const entry = record(context, heading, response);
  const { resource, subresource, name } = target ?? {};
  const met = { verb: entry.verb, resource: resource?.key ?? '', subresource, name, path: url.pathname };
  const fault = context.faults.take(met);
  if (fault?.kind === 'timeout') return;
  if (fault?.kind === 'reset') {
    incoming.socket.destroy();
    return;
  }
  if (fault?.kind === 'slow') await delay(fault.ms, response);
  if (response.destroyed) return;
  const reply = await replyTo(context, heading, fault);
  if (fault?.kind === 'reset-after') incoming.socket.destroy();
  else if (response.destroyed) return;
  else if ('stream' in reply) {
    entry.status = 200;
    reply.stream(response);
  } else sendReply(response, reply);
}

/** What the server does with each request: log, fault, token, body, dispatch, answer. */
export function createHandler(options: HandlerOptions): Handler {
  const context = { ...options, log: createRequestLog(), listeners: createWriteListeners() };
  return {
    handle: (incoming, response) => handle(context, incoming, response),
    requests: context.log.all,
    onWrite: context.listeners.add,
  };
}
