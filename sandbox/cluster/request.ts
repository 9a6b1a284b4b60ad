import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { parse as parseYaml } from 'yaml';
import type { Target, Verb } from './routing.ts';
import { badRequest, invalidOption, StatusError, unsupportedMediaType } from './status-error.ts';

export type Json = Record<string, unknown>;

/** A request for a resource, read in full. */
export interface ResourceRequest extends Target {
  verb: Verb;
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** What is answered; a string body is sent as it is, anything else as JSON. */
export interface Reply {
  code: number;
  body: unknown;
  contentType?: string;
  headers?: Record<string, string>;
}

/** An answer that goes on: the function writes to the response until either side ends it. */
export interface StreamReply {
  stream: (response: ServerResponse) => void;
}

export function isJsonObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The media type without its parameters; JSON where none is named. */
export function mediaType(headers: IncomingHttpHeaders): string {
  return (headers['content-type'] ?? 'application/json').split(';')[0]?.trim().toLowerCase() || 'application/json';
}

export function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw badRequest(`couldn't get version/kind; json parse error: ${why}`);
  }
}

export function parseYamlBody(body: Buffer): unknown {
  try {
    return parseYaml(body.toString('utf8'));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw badRequest(`error converting YAML to JSON: ${why}`);
  }
}

/** The object in the body. @throws StatusError 400 for malformed text, 415 for anything but JSON and YAML */
export function parseBody(request: Pick<ResourceRequest, 'headers' | 'body'>): Json {
  const type = mediaType(request.headers);
  const accepted = ['application/json', 'application/yaml'];
  if (!accepted.includes(type)) throw unsupportedMediaType(accepted);
  const value = type === 'application/json' ? parseJson(request.body) : parseYamlBody(request.body);
  if (!isJsonObject(value)) throw badRequest("couldn't get version/kind; json parse error: the body is not an object");
  return value;
}

const optionKinds: Partial<Record<Verb, string>> = {
  create: 'CreateOptions',
  update: 'UpdateOptions',
  patch: 'PatchOptions',
  delete: 'DeleteOptions',
  deletecollection: 'DeleteOptions',
};

/** Whether the write is only to be tried. @throws StatusError 422 for any value but `All` */
export function isDryRun(request: Pick<ResourceRequest, 'query' | 'verb'>, body?: Json): boolean {
  const inBody = body?.['dryRun'];
  const values = [...request.query.getAll('dryRun'), ...(Array.isArray(inBody) ? inBody : [])];
  const wrong = values.find((value) => value !== 'All');
  if (wrong !== undefined) {
    const message = `Unsupported value: ${JSON.stringify(wrong)}: supported values: "All"`;
    throw invalidOption(optionKinds[request.verb] ?? 'UpdateOptions', 'dryRun', 'FieldValueNotSupported', message);
  }
  return values.length > 0;
}

/** A non-negative whole number, or undefined where the parameter is missing. @throws StatusError 400 */
export function readNumber(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === '') return undefined;
  if (!/^\d{1,15}$/.test(text)) throw badRequest(`invalid ${name} parameter: "${text}" is not a number`);
  return Number(text);
}

export function tooLarge(limit: number): StatusError {
  return new StatusError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${limit}`);
}
