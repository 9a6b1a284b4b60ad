import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Json, parseJson } from '../../slack/json.ts';
import { type Account, personByEmail } from '../account.ts';
import type { Person } from '../account-types.ts';
import { type Answer, answerError, answerWith } from '../answer.ts';
import { ApiError, invalidInput, notFound, unauthorized } from '../api-error.ts';
import type { Asked } from '../call-log.ts';
import type { Pipeline } from '../pipeline.ts';
import { askedOf, readBody } from '../read-request.ts';
import { INCIDENT_OPERATIONS } from './incidents.ts';
import { NOTE_OPERATIONS } from './notes.ts';
import type { Operation } from './operation.ts';
import { PEOPLE_OPERATIONS } from './people.ts';

const OPERATIONS: readonly Operation[] = [...INCIDENT_OPERATIONS, ...NOTE_OPERATIONS, ...PEOPLE_OPERATIONS];
const ACCEPTED = /^(application\/vnd\.pagerduty\+json;\s*version=2|application\/json|\*\/\*)/;

function variablesOf(operation: Operation, path: string): Record<string, string> | undefined {
  const [wanted, given] = [operation.path.split('/'), path.split('/')];
  if (wanted.length !== given.length) return undefined;
  const variables: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = decodeURIComponent(given[index] ?? '');
    if (part.startsWith('{')) variables[part.slice(1, -1)] = value;
    else if (part !== value) return undefined;
  }
  return variables;
}

function findOperation(method: string, path: string) {
  for (const operation of OPERATIONS) {
    const variables = operation.method === method ? variablesOf(operation, path) : undefined;
    if (variables !== undefined) return { operation, variables };
  }
  return undefined;
}

function checkHeaders({ headers, operation }: Asked, hasBody: boolean): void {
  if (headers.accept === undefined || !ACCEPTED.test(headers.accept))
    throw invalidInput('Accept must be application/vnd.pagerduty+json;version=2');
  const type = headers['content-type']?.split(';')[0]?.trim();
  if (!hasBody) return;
  if (type !== 'application/json') throw invalidInput(`Content-Type of ${operation} must be application/json`);
}

function findRequester(account: Account, from: string | undefined): Person {
  if (from === undefined)
    throw new ApiError(
      400,
      2016,
      `You must specify a user's email address in the "From" header to perform this action`,
    );
  if (!/^[^\s@<>]+@[^\s@<>]+$/.test(from)) throw new ApiError(400, 1028, 'Malformed "From" header');
  const requester = personByEmail(account, from);
  if (requester === undefined) throw new ApiError(400, 1008, 'Requester User Not Found');
  return requester;
}

/** Runs it; a refusal becomes PagerDuty's answer to it. */
function answerRefusals(run: () => Answer): Answer {
  try {
    return run();
  } catch (error) {
    if (error instanceof ApiError) return answerError(error);
    throw error;
  }
}

export interface RestParts {
  account: Account;
  /** Which tokens are good now. */
  tokens: ReadonlySet<string>;
  pipeline: Pipeline;
  settle: () => void;
}

/** Answers a request to the REST API. */
export async function answerRest(parts: RestParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { account, tokens, pipeline } = parts;
  const url = new URL(request.url ?? '/', 'http://sandbox.invalid');
  const text = await readBody(request);
  const found = findOperation(request.method ?? '', url.pathname);
  const asked = askedOf('rest', request, url, text, found?.operation.path ?? url.pathname);
  const token = /^Token token=(\S+)$/.exec(request.headers.authorization ?? '')?.[1];
  await pipeline.pass(asked, response, () =>
    answerRefusals(() => {
      parts.settle();
      if (token === undefined || !tokens.has(token)) throw unauthorized();
      if (found === undefined) throw notFound();
      checkHeaders(asked, request.method !== 'GET');
      const requester = found.operation.from === true ? findRequester(account, asked.headers.from) : undefined;
      const body: Json | undefined = text === '' ? undefined : parseJson(text);
      if (text !== '' && body === undefined) throw invalidInput('the body is no JSON');
      const { status, body: result } = found.operation.run(account, {
        variables: found.variables,
        query: url.searchParams,
        body,
        requester,
      });
      parts.settle();
      return answerWith(status, result);
    }),
  );
}
