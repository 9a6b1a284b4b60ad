import { DrError, type ErrorCode } from '../errors.ts';
import { type Answer, CredentialsError } from './kubernetes-request.ts';

/** What was asked of the API, in RBAC's words, for messages. */
export interface Call {
  cluster: string;
  verb: 'get' | 'list' | 'create' | 'delete';
  /** `restores`, `services/proxy`; empty for paths that are no resources. */
  resource: string;
  /** Empty for the core group. */
  group: string;
  namespace?: string | undefined;
  name?: string | undefined;
}

/** The parts of a Kubernetes Status that we rely on (apimachinery `pkg/apis/meta/v1/types.go`). */
export interface Status {
  reason: string;
  message: string;
  details: { name?: unknown; kind?: unknown };
}

export type Json = Record<string, unknown>;

export function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The Status in a body, or undefined where the body is something else: a proxy's page, a service's own answer. */
export function parseStatus(text: string): Status | undefined {
  const body = parseJson(text);
  if (!isRecord(body) || body['kind'] !== 'Status') return undefined;
  const { reason, message, details } = body;
  return {
    reason: typeof reason === 'string' ? reason : '',
    message: typeof message === 'string' ? message : '',
    details: isRecord(details) ? details : {},
  };
}

/** True only where the API itself says that the object of this name does not exist; a missing kind or a proxy's 404 is not that. */
export function saysAbsent(answer: Answer, name: string): boolean {
  const status = answer.status === 404 ? parseStatus(answer.text) : undefined;
  return status?.reason === 'NotFound' && status.details.name === name;
}

/** The error for an answer that is not a success. Messages are the API's own sentence, cut short; never headers, never bodies. */
export function errorFromAnswer(call: Call, answer: Answer): DrError {
  const { code, action, retryable = false } = judge(call, answer);
  const said = parseStatus(answer.text)?.message;
  const wait = answer.retryAfter && retryable ? `, retry after ${answer.retryAfter.slice(0, 10)} s` : '';
  const reason = said ? `: ${cut(said)}` : '.';
  return new DrError({
    code,
    message: `Cluster ${call.cluster} answered ${answer.status}${wait} to ${nameCall(call)}${reason}`,
    action,
    retryable,
  });
}

interface Judgement {
  code: ErrorCode;
  action: string;
  retryable?: boolean;
}

function judge(call: Call, answer: Answer): Judgement {
  const { status } = answer;
  if (status === 401) return { code: 'CLUSTER_FORBIDDEN', action: `Renew the credentials of context ${call.cluster}.` };
  if (status === 403) return { code: 'CLUSTER_FORBIDDEN', action: adviseOnForbidden(call, answer) };
  if (status === 404) return judgeNotFound(call, answer);
  if (status === 409 && parseStatus(answer.text)?.reason === 'AlreadyExists') {
    return { code: 'CLUSTER_ALREADY_EXISTS', action: 'Look at the object that has this name, or choose another name.' };
  }
  if (status === 409) return { code: 'CLUSTER_CONFLICT', action: 'Read the object again and decide anew.' };
  if (status === 410 || status === 429 || status >= 500) {
    return { code: 'CLUSTER_UNREACHABLE', action: 'Try again shortly; then check the API server.', retryable: true };
  }
  if (status >= 400)
    return { code: 'CLUSTER_INVALID', action: 'Correct what was asked for; trying again will not help.' };
  return unreadable(call);
}

function judgeNotFound(call: Call, answer: Answer): Judgement {
  const status = parseStatus(answer.text);
  if (status?.details.name !== undefined) {
    const action = call.namespace ? `Check that namespace ${call.namespace} exists.` : 'Check the name.';
    return { code: 'CLUSTER_INVALID', action };
  }
  if (!status && answer.text.trim() !== '404 page not found') return unreadable(call);
  const kind = call.group ? `${call.resource}.${call.group}` : call.resource;
  return {
    code: 'CLUSTER_NOT_SERVED',
    action: `Install what serves ${kind} on cluster ${call.cluster}, or upgrade it.`,
  };
}

function adviseOnForbidden(call: Call, answer: Answer): string {
  // Quotas, admission rules and terminating namespaces answer 403 too; only RBAC says "cannot <verb> resource".
  const message = parseStatus(answer.text)?.message ?? '';
  if (message && !message.includes(' cannot '))
    return 'Remove what the API server names as the reason, then try again.';
  const where = call.namespace ? `, namespace "${call.namespace}"` : '';
  return `Allow this identity by RBAC: verb "${call.verb}", resource "${call.resource}", API group "${call.group}"${where}.`;
}

function unreadable(call: Call): Judgement {
  return {
    code: 'CLUSTER_UNREADABLE',
    action: `Check that the server of context ${call.cluster} is a Kubernetes API, and what stands in front of it.`,
  };
}

/** The error for a success whose body cannot be used; `problem` says where it does not fit. */
export function errorFromBody(call: Call, problem: string): DrError {
  const message = `Cluster ${call.cluster} answered ${nameCall(call)} with something unreadable: ${cut(problem)}`;
  return new DrError({ ...unreadable(call), message });
}

/** The error for no answer at all: a network fault, our time-out, the caller's abort, credentials that cannot be had. */
export function errorFromFault(call: Call, thrown: unknown, signal: AbortSignal): DrError {
  const facts = { code: 'CLUSTER_UNREACHABLE', retryable: true, cause: thrown } as const;
  if (thrown instanceof CredentialsError) {
    const message = `The credentials of context ${call.cluster} could not be obtained; ${nameCall(call)} was not sent.`;
    return new DrError({ ...facts, message, action: `See why: kubectl --context ${call.cluster} version` });
  }
  const message = `Cluster ${call.cluster} gave no answer to ${nameCall(call)}: ${nameFault(thrown, signal)}.`;
  return new DrError({ ...facts, message, action: 'Check the network and the API server; then try again.' });
}

function nameFault(thrown: unknown, signal: AbortSignal): string {
  // What a torn-down socket says about itself (ECONNRESET) is not why it was torn down.
  if (signal.aborted) return (signal.reason as Error)?.name === 'TimeoutError' ? 'time ran out' : 'cancelled';
  return thrown instanceof Error ? cut(thrown.message || thrown.name) : 'unknown fault';
}

function nameCall({ verb, resource, group, namespace, name }: Call): string {
  const kind = group ? `${resource}.${group}` : resource;
  const object = [namespace, name].filter(Boolean).join('/');
  return [verb, kind, object].filter(Boolean).join(' ');
}

function cut(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > 300 ? `${line.slice(0, 299)}…` : line;
}
