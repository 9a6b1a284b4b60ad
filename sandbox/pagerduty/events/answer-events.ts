import type { IncomingMessage, ServerResponse } from 'node:http';
import { isObject, parseJson } from '../../slack/json.ts';
import type { Account } from '../account.ts';
import { type Answer, answerWith } from '../answer.ts';
import { ApiError } from '../api-error.ts';
import type { Pipeline } from '../pipeline.ts';
import { askedOf, readBody } from '../read-request.ts';
import { checkEvent, readEvent } from './check-event.ts';
import { takeEvent } from './take-event.ts';

export interface EventsParts {
  account: Account;
  pipeline: Pipeline;
  settle: () => void;
}

const refuse = (status: string, message: string, errors: string[]): Answer =>
  answerWith(400, { status, message, errors }, [message, ...errors].join(': '));

const invalid = (...errors: string[]): Answer => refuse('invalid event', 'Event object is invalid', errors);

function enqueue(account: Account, text: string): Answer {
  const body = parseJson(text);
  if (!isObject(body))
    return refuse('Unrecognized object', 'Event object format is unrecognized', ['JSON parse error']);
  const problems = checkEvent(body);
  if (problems.length > 0) return invalid(...problems);
  const event = readEvent(body);
  const service = [...account.services.values()].find(({ routingKey }) => routingKey === event.routingKey);
  if (service === undefined) return invalid('invalid routing key');
  return answerWith(202, {
    status: 'success',
    message: 'Event processed',
    dedup_key: takeQuietly(account, service, event),
  });
}

/** An event is accepted before it is processed: that nobody is on call is not said. */
function takeQuietly(
  account: Account,
  ...[service, event]: [Parameters<typeof takeEvent>[1], Parameters<typeof takeEvent>[2]]
) {
  try {
    return takeEvent(account, service, event);
  } catch (error) {
    if (error instanceof ApiError) return event.dedupKey ?? '';
    throw error;
  }
}

/** Answers a request to the Events API. */
export async function answerEvents(
  { account, pipeline, settle }: EventsParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://sandbox.invalid');
  const text = await readBody(request);
  await pipeline.pass(askedOf('events', request, url, text, url.pathname), response, () => {
    settle();
    if (request.method !== 'POST' || url.pathname !== '/v2/enqueue')
      return answerWith(404, { status: 'not found', message: 'Not Found', errors: [] }, 'Not Found');
    const answer = enqueue(account, text);
    settle();
    return answer;
  });
}
