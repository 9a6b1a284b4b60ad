import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import type { Call } from '../sandbox/pagerduty/call-log.ts';
import { announceSkip } from './announce-skip.ts';

const FOLDER = 'PAGERDUTY_OPENAPI';

/** Whether PagerDuty's OpenAPI documents are at hand. */
export const hasPagerDutyOpenApi = Boolean(process.env[FOLDER]);

interface Schema {
  $ref?: string;
  type?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  allOf?: Schema[];
  oneOf?: Schema[];
  [keyword: string]: unknown;
}
interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  schema: Schema;
}
interface Operation {
  parameters: (Parameter | { $ref: string })[];
  requestBody?: unknown;
  responses: Record<string, unknown>;
}
interface Document {
  paths: Record<string, Record<string, Operation>>;
}

/** What the documents get wrong, by their own words or examples. */
const WHITE_LIST = {
  /** "If `null`, the on-call is a permanent user on-call", yet none of the three is nullable. */
  onCallNulls: ['schedule', 'start', 'end'],
  /** `include[]` shows these in full, yet the schemas know references only. */
  shownInFull: {
    user: 'User',
    escalation_policy: 'EscalationPolicy',
    contact_methods: 'ContactMethod',
    integrations: 'Integration',
  } as Record<string, string>,
};

const escapePointer = (part: string): string => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));
const pointer = (...parts: string[]): string => `#/${parts.map(escapePointer).join('/')}`;

function createBook(name: 'rest' | 'events-v2') {
  const document = JSON.parse(readFileSync(join(process.env[FOLDER] ?? '', `${name}.json`), 'utf8')) as Document;
  const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
  formats.default(ajv);
  for (const format of ['tzinfo', 'url']) ajv.addFormat(format, true);
  ajv.addSchema(document, name);
  const compiled = new Map<string, ValidateFunction>();
  const find = (ref: string): unknown =>
    ref
      .slice(2)
      .split('/')
      .map((part) => decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~'))
      .reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], document);
  const follow = <T>(value: T | { $ref: string }): T =>
    value instanceof Object && '$ref' in value && typeof value.$ref === 'string'
      ? follow(find(value.$ref) as T | { $ref: string })
      : (value as T);
  const check = (ref: string, value: unknown): string[] => {
    const validate = compiled.get(ref) ?? ajv.compile({ $ref: `${name}${ref}` });
    compiled.set(ref, validate);
    validate(value);
    return (validate.errors ?? []).map((error) => `${error.instancePath || '/'} ${error.message}`).slice(0, 5);
  };
  return { document, find, follow, check };
}
type Book = ReturnType<typeof createBook>;

const books: Partial<Record<'rest' | 'events-v2', Book>> = {};
function bookOf(name: 'rest' | 'events-v2'): Book {
  const book = books[name] ?? createBook(name);
  books[name] = book;
  return book;
}

/** Fields that a request has and its schema has not: PagerDuty would drop them in silence. */
function listUnknown(book: Book, schema: Schema, value: unknown, path: string): string[] {
  if (Array.isArray(value)) {
    const items = itemsOf(book, schema);
    return items === undefined ? [] : value.flatMap((item, at) => listUnknown(book, items, item, `${path}/${at}`));
  }
  if (typeof value !== 'object' || value === null) return [];
  const known = propertiesOf(book, schema);
  if (known.size === 0) return [];
  return Object.entries(value).flatMap(([field, inner]) => {
    const next = known.get(field);
    // The document's schema of an incident's body forgets the type that it requires.
    if (next === undefined)
      return field === 'type' && path.endsWith('/body') ? [] : [`${path}/${field} is no field of it`];
    return listUnknown(book, next, inner, `${path}/${field}`);
  });
}

function propertiesOf(book: Book, schema: Schema): Map<string, Schema> {
  const { properties = {}, allOf = [], oneOf = [] } = book.follow(schema);
  const inherited = [...allOf, ...oneOf].flatMap((part) => [...propertiesOf(book, part)]);
  return new Map([...inherited, ...Object.entries(properties)]);
}

const itemsOf = (book: Book, schema: Schema): Schema | undefined => book.follow(schema).items;

function checkHeaders(book: Book, operation: Operation, { headers }: Call): string[] {
  const given: Record<string, string | undefined> = {
    Accept: headers.accept,
    'Content-Type': headers['content-type']?.split(';')[0],
    From: headers.from,
  };
  return operation.parameters.flatMap((each) => {
    const parameter = book.follow<Parameter>(each);
    const value = given[parameter.name];
    if (parameter.in !== 'header' || (value === undefined && parameter.required !== true)) return [];
    if (value === undefined) return [`the header ${parameter.name} is missing`];
    return ajvCheck(parameter.schema, value).map((problem) => `${parameter.name}: ${problem}`);
  });
}

const plain = new Ajv({ strict: false, logger: false, coerceTypes: true });
formats.default(plain);
function ajvCheck({ uniqueItems: _meaningless, ...schema }: Schema, value: unknown): string[] {
  const validate = plain.compile({ type: 'object', properties: { value: schema } });
  validate({ value });
  return (validate.errors ?? []).map(({ message }) => message ?? 'is wrong');
}

function checkQuery(book: Book, operation: Operation, { query }: Call): string[] {
  const known = operation.parameters.map((each) => book.follow<Parameter>(each)).filter((each) => each.in === 'query');
  return Object.entries(query).flatMap(([name, values]) => {
    const parameter = known.find((each) => each.name === name);
    if (parameter === undefined) return [`the query's ${name} is unknown`];
    const { items, ...whole } = book.follow(parameter.schema);
    const one = items ?? whole;
    return values.flatMap((value) => ajvCheck(one, value).map((problem) => `${name}: ${problem}`));
  });
}

/** The documents' example of an incident's details is a text, and so are everybody's; their schema says object. */
function withoutTextDetails(request: unknown): unknown {
  return JSON.parse(
    JSON.stringify(request, (key, value) => (key === 'details' && typeof value === 'string' ? undefined : value)),
  );
}

function checkBody(book: Book, call: Call, path: string, method: string, operation: Operation): string[] {
  if (operation.requestBody === undefined) return [];
  const ref = pointer('paths', path, method, 'requestBody', 'content', 'application/json', 'schema');
  const missing = call.request === undefined ? ['the body is missing'] : [];
  const refused = missing.length > 0 ? missing : book.check(ref, withoutTextDetails(call.request));
  return [...refused, ...listUnknown(book, { $ref: ref }, call.request, '')];
}

/** What the Events API demands and its document does not say in its schema. */
function checkEventRules({ request }: Call): string[] {
  const {
    event_action: action,
    payload,
    dedup_key: key,
    routing_key: routing,
  } = (request ?? {}) as Record<string, unknown>;
  return [
    ...(action === 'trigger' && payload === undefined ? ['a trigger needs a payload'] : []),
    ...(action !== 'trigger' && typeof key !== 'string' ? [`${action} needs a dedup_key`] : []),
    ...(typeof routing === 'string' && routing.length === 32 ? [] : ['the routing key has not 32 characters']),
  ];
}

function locate(call: Call) {
  const book = bookOf(call.api === 'rest' ? 'rest' : 'events-v2');
  const [method = '', path = ''] = call.operation.split(' ');
  const known = call.api === 'rest' ? path : path.replace(/^\/v2/, '');
  return {
    book,
    method: method.toLowerCase(),
    path: known,
    operation: book.document.paths[known]?.[method.toLowerCase()],
  };
}

function checkRequest(call: Call): string[] {
  const { book, method, path, operation } = locate(call);
  if (operation === undefined) return ['there is no such operation'];
  const headers = call.api === 'rest' ? checkHeaders(book, operation, call) : checkEventRules(call);
  return [...headers, ...checkQuery(book, operation, call), ...checkBody(book, call, path, method, operation)];
}

/** Shows as references, checked on their own, what `include[]` shows in full; takes out the nulls of on-calls for ever. */
function bend(book: Book, value: unknown, problems: string[], isOnCall = false): unknown {
  if (Array.isArray(value)) return value.map((each) => bend(book, each, problems, isOnCall));
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(
    ([field, inner]) => !(isOnCall && inner === null && WHITE_LIST.onCallNulls.includes(field)),
  );
  return Object.fromEntries(
    kept.map(([field, inner]) => {
      const schema = WHITE_LIST.shownInFull[field];
      const bent = bend(book, inner, problems, field === 'oncalls');
      if (schema === undefined) return [field, bent];
      const refer = (each: unknown) => toReference(book, schema, each, problems);
      return [field, Array.isArray(bent) ? bent.map(refer) : refer(bent)];
    }),
  );
}

function toReference(book: Book, schema: string, value: unknown, problems: string[]): unknown {
  const { id, type } = (value ?? {}) as { id?: string; type?: string };
  if (typeof type !== 'string' || type.endsWith('_reference')) return value;
  problems.push(...book.check(pointer('components', 'schemas', schema), value));
  return { id, type: `${type}_reference` };
}

function checkAnswer(call: Call, status: number, body: unknown): string[] {
  const { book, method, path, operation } = locate(call);
  if (operation === undefined) return status === 404 ? [] : ['an unknown operation was answered'];
  const content = ['content', 'application/json', 'schema'];
  if (call.api === 'events' && status !== 202)
    return book.check(pointer('components', 'responses', 'Error', ...content), body);
  const isError = status >= 400;
  // An answer such as a 400 to PUT /incidents/{id}, which PagerDuty gives and its document forgets, looks as all errors do.
  const documented = operation.responses[String(status)] as { $ref?: string } | undefined;
  if (documented === undefined && !isError) return [`${status} is no answer to it`];
  const place = documented?.$ref?.slice(2).split('/') ?? ['paths', path, method, 'responses', String(status)];
  const ref = isError ? pointer('components', 'responses', 'Conflict', ...content) : pointer(...place, ...content);
  const problems: string[] = [];
  // A wrapped resource is shown in full by right: only what is inside it is bent.
  const bent = isError ? body : bendInside(book, body, problems);
  return [...problems, ...book.check(ref, bent)];
}

function bendInside(book: Book, body: unknown, problems: string[]): unknown {
  const wrapped = Object.entries(body as object);
  return Object.fromEntries(wrapped.map(([name, inner]) => [name, bend(book, inner, problems, name === 'oncalls')]));
}

const prefix =
  ({ operation, status }: Call, what: string) =>
  (problem: string) =>
    `${what} ${operation} (${status ?? 'unanswered'}): ${problem}`;

let announced = false;
function isBlind(): boolean {
  if (hasPagerDutyOpenApi) return false;
  if (!announced) announceSkip("checks of calls against PagerDuty's OpenAPI", `${FOLDER} (a folder) is unset`);
  announced = true;
  return true;
}

/** The problems of what PagerDuty answered, by its own documents; none: every answer fits. */
export function validatePagerDutyAnswers(calls: readonly Call[]): string[] {
  if (isBlind()) return [];
  return calls.flatMap((call) => {
    const sent =
      call.status !== undefined && call.response instanceof Object
        ? [{ status: call.status, body: call.response }]
        : [];
    const answers = call.done === undefined ? sent : [call.done];
    return answers.flatMap(({ status, body }) => checkAnswer(call, status, body)).map(prefix(call, 'answer to'));
  });
}

/**
 * The problems of a sandbox's whole call log, requests and answers, by PagerDuty's own OpenAPI documents; none: all fits.
 * Where PAGERDUTY_OPENAPI is unset nothing is checked, and a line says so once.
 */
export function validatePagerDutyCalls(calls: readonly Call[]): string[] {
  if (isBlind()) return [];
  const requests = calls.flatMap((call) => checkRequest(call).map(prefix(call, 'request')));
  return [...requests, ...validatePagerDutyAnswers(calls)];
}
