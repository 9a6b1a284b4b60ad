import type { Kind } from '../domain/kinds.ts';
import { DrError } from '../errors.ts';
import type { ListScope, Manifest, ObjectRef } from '../ports.ts';
import {
  type Call,
  errorFromAnswer,
  errorFromBody,
  isRecord,
  type Json,
  parseJson,
  saysAbsent,
} from './kubernetes-errors.ts';
import type { Answer, Outgoing } from './kubernetes-request.ts';

/** One cluster's API: `ask` rejects with CLUSTER_UNREACHABLE when there is no answer. */
export interface Api {
  cluster: string;
  ask(call: Call, outgoing: Outgoing, signal: AbortSignal, maxChars?: number): Promise<Answer>;
}

/** Who wrote our fields, as `metadata.managedFields` shows it. */
const FIELD_MANAGER = 'muster';
const PAGE_SIZE = 500;

export async function readObject<T>(
  { cluster, ask }: Api,
  kind: Kind<T>,
  ref: ObjectRef,
  signal: AbortSignal,
): Promise<T | undefined> {
  const call = callOf(cluster, 'get', kind, ref);
  const answer = await ask(call, { method: 'GET', path: objectPath(call, kind, ref) }, signal);
  if (saysAbsent(answer, ref.name)) return undefined;
  return parseObject(call, kind, parseBody(call, answer), ref.name);
}

export async function listObjects<T>(api: Api, kind: Kind<T>, scope: ListScope, signal: AbortSignal): Promise<T[]> {
  const call = callOf(api.cluster, 'list', kind, { namespace: scope.namespace });
  checkNamespace(call, kind, scope.namespace);
  const path = collectionPath(kind, scope.namespace);
  // A snapshot that expires between two pages (410) leaves no consistent list: begin again, once.
  const items = (await listPages(api, call, path, scope, signal)) ?? (await listPages(api, call, path, scope, signal));
  if (!items) throw errorFromAnswer(call, { status: 410, text: '', retryAfter: undefined });
  return items.map((item) => parseObject(call, kind, item));
}

/** Every item of every page, or undefined when the snapshot expired on the way. */
async function listPages(
  { ask }: Api,
  call: Call,
  path: string,
  { labelSelector, fieldSelector }: ListScope,
  signal: AbortSignal,
): Promise<unknown[] | undefined> {
  const all: unknown[] = [];
  let next: string | undefined;
  do {
    const query = { limit: String(PAGE_SIZE), labelSelector, fieldSelector, continue: next };
    const answer = await ask(call, { method: 'GET', path, query }, signal);
    if (answer.status === 410 && next) return undefined;
    const page = parseBody(call, answer);
    // Go writes an empty typed list as null.
    const items = page['items'] ?? [];
    if (!Array.isArray(items)) throw errorFromBody(call, 'items: not a list');
    all.push(...items);
    const token = isRecord(page['metadata']) ? page['metadata']['continue'] : undefined;
    next = typeof token === 'string' && token !== '' ? token : undefined;
  } while (next);
  return all;
}

export async function createObject<T>(
  { cluster, ask }: Api,
  kind: Kind<T>,
  manifest: Manifest,
  signal: AbortSignal,
): Promise<T> {
  const { name, namespace } = manifest.metadata;
  const call = callOf(cluster, 'create', kind, manifest.metadata);
  checkName(call, name);
  checkNamespace(call, kind, namespace, kind.namespaced);
  const body = { ...manifest, apiVersion: kind.apiVersion, kind: kind.kind };
  const query = { fieldManager: FIELD_MANAGER, fieldValidation: 'Strict' };
  const path = collectionPath(kind, namespace);
  const answer = await ask(call, { method: 'POST', path, query, body }, signal);
  return parseObject(call, kind, parseBody(call, answer), name);
}

export async function removeObject(
  { cluster, ask }: Api,
  kind: Kind<unknown>,
  ref: ObjectRef & { uid: string },
  signal: AbortSignal,
): Promise<void> {
  const call = callOf(cluster, 'delete', kind, ref);
  if (!ref.uid) throw refuse(call, 'no uid was given');
  const body = {
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    preconditions: { uid: ref.uid },
    propagationPolicy: 'Background',
  };
  const answer = await ask(call, { method: 'DELETE', path: objectPath(call, kind, ref), body }, signal);
  if (!saysAbsent(answer, ref.name)) parseBody(call, answer);
}

/** The JSON object in a 2xx answer. @throws DrError for any other status, CLUSTER_UNREADABLE for any other body */
export function parseBody(call: Call, answer: Answer): Json {
  if (answer.status < 200 || answer.status > 299) throw errorFromAnswer(call, answer);
  const body = parseJson(answer.text);
  if (!isRecord(body)) throw errorFromBody(call, 'not a JSON object');
  return body;
}

function parseObject<T>(call: Call, kind: Kind<T>, json: unknown, name?: string): T {
  const parsed = kind.schema.safeParse(json);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`);
    throw errorFromBody(call, `${kind.kind} ${problems.slice(0, 3).join('; ')}`);
  }
  const metadata = isRecord(json) && isRecord(json['metadata']) ? json['metadata'] : {};
  if (name !== undefined && metadata['name'] !== name) {
    throw errorFromBody(call, `metadata.name: ${String(metadata['name'])} instead of ${name}`);
  }
  return parsed.data;
}

function callOf(cluster: string, verb: Call['verb'], kind: Kind<unknown>, ref: Pick<Call, 'namespace' | 'name'>): Call {
  const group = kind.apiVersion.includes('/') ? kind.apiVersion.slice(0, kind.apiVersion.indexOf('/')) : '';
  return { cluster, verb, resource: kind.plural, group, namespace: ref.namespace, name: ref.name };
}

/** `/apis/velero.io/v1/namespaces/velero/restores`; no namespace: all of them. */
export function collectionPath(kind: Kind<unknown>, namespace: string | undefined): string {
  const root = kind.apiVersion.includes('/') ? `/apis/${kind.apiVersion}` : `/api/${kind.apiVersion}`;
  if (namespace === undefined) return `${root}/${kind.plural}`;
  return `${root}/namespaces/${encodeURIComponent(namespace)}/${kind.plural}`;
}

function objectPath(call: Call, kind: Kind<unknown>, { namespace, name }: ObjectRef): string {
  // An empty name would turn a get into a list and a delete into the deletion of the whole collection.
  checkName(call, name);
  checkNamespace(call, kind, namespace, kind.namespaced);
  return `${collectionPath(kind, namespace)}/${encodeURIComponent(name)}`;
}

/** What no Kubernetes name can be (apimachinery `pkg/api/validation/path/name.go`) never becomes a path. */
export function checkName(call: Call, name: string): void {
  if (name === '' || name === '.' || name === '..' || /[/%\s]/.test(name)) {
    throw refuse(call, `"${name}" cannot be a name`);
  }
}

function checkNamespace(call: Call, kind: Kind<unknown>, namespace: string | undefined, required = false): void {
  if (required && namespace === undefined) throw refuse(call, 'no namespace was given');
  if (namespace === undefined) return;
  if (!kind.namespaced) throw refuse(call, `${kind.kind} has no namespace`);
  checkName(call, namespace);
}

export function refuse(call: Call, problem: string): DrError {
  return new DrError({
    code: 'CLUSTER_INVALID',
    message: `Nothing was sent to cluster ${call.cluster}, since ${problem} (${call.verb} ${call.resource}).`,
    action: 'Correct what was asked for; trying again will not help.',
  });
}
