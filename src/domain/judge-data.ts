import type { DataAssertion } from './data-assertion.ts';
import { durationMs, formatDuration } from './duration.ts';
import { formatTime } from './moment.ts';
import type { Check } from './plan.ts';

/** Whether an answer holds, and what was seen. */
type Judgement = Pick<Check, 'detail'> & { holds: boolean };

/** In ms since 1970: what ages are measured from, and what nothing that was written can be later than. */
export interface DataTimes {
  requestedAt: number;
  now: number;
}

const NUMBER = /^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/;
/** Up to the year 5138; in milliseconds it would have 13 digits today. */
const EPOCH_SECONDS = /^\d{1,11}(\.\d+)?$/;
const ISO_8601 = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?) ?(Z|[+-]\d\d:?\d\d)$/;
/** Clocks differ; but a "newest row" in the next century was never written, and proves nothing. */
const CLOCK_SKEW_MS = 5 * 60_000;
const SHOWN_CHARS = 80;

/** What a service answered, held against what its assertion expects. Only a 200 whose body can be read can pass. */
export function judgeAnswer(
  assertion: DataAssertion,
  answer: { status: number; body: string },
  times: DataTimes,
): Check {
  const { holds, detail } =
    answer.status === 200
      ? judgeBody(assertion, answer.body.trim(), times)
      : { holds: false, detail: `HTTP ${answer.status}: ${show(reasonOf(answer.body.trim()))}` };
  return { name: `data "${assertion.name}"`, verdict: holds ? 'pass' : 'fail', detail };
}

function judgeBody({ atLeast, newerThan, equals }: DataAssertion, body: string, times: DataTimes): Judgement {
  if (atLeast !== undefined) return judgeNumber(body, atLeast);
  if (newerThan !== undefined) return judgeTime(body, newerThan, times);
  if (equals === undefined) return { holds: false, detail: 'nothing is expected of it' };
  return body === equals
    ? { holds: true, detail: show(body) }
    : { holds: false, detail: `${show(body)}, not ${show(equals)}` };
}

function judgeNumber(body: string, atLeast: number): Judgement {
  const value = NUMBER.test(body) ? Number(body) : Number.NaN;
  if (!Number.isFinite(value)) return { holds: false, detail: `the answer is no number: ${show(body)}` };
  if (value < atLeast) return { holds: false, detail: `${body}, fewer than the ${atLeast} it must be at least` };
  return { holds: true, detail: `${body}, at least ${atLeast}` };
}

function judgeTime(body: string, newerThan: string, { requestedAt, now }: DataTimes): Judgement {
  const ms = parseAnsweredTime(body);
  if (ms === undefined)
    return {
      holds: false,
      detail: `the answer is no time, neither seconds since 1970 nor ISO 8601 with a zone: ${show(body)}`,
    };
  if (ms > now + CLOCK_SKEW_MS) return { holds: false, detail: `${formatTime(ms)} has not come yet` };
  const age = requestedAt - ms;
  const seen =
    age <= 0 ? `${formatTime(ms)}, after the request` : `${formatTime(ms)}, ${formatDuration(age)} before the request`;
  if (age > durationMs(newerThan)) return { holds: false, detail: `${seen}: older than ${newerThan}` };
  return { holds: true, detail: `${seen}, within ${newerThan}` };
}

/** Milliseconds since 1970; a time without a zone could be hours off, so it is none. */
function parseAnsweredTime(body: string): number | undefined {
  if (EPOCH_SECONDS.test(body)) return Number(body) * 1_000;
  const found = ISO_8601.exec(body);
  if (found === null) return undefined;
  const [, date, clock, zone = 'Z'] = found;
  const ms = Date.parse(`${date}T${clock}${zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2')}`);
  return Number.isNaN(ms) ? undefined : ms;
}

/** The API server answers in a service's place with a Status, of which the message is for people. */
function reasonOf(body: string): string {
  try {
    const { kind, message } = (JSON.parse(body) ?? {}) as { kind?: unknown; message?: unknown };
    return kind === 'Status' && typeof message === 'string' ? message : body;
  } catch {
    return body;
  }
}

/** Text from outside, on one line and short. */
function show(text: string): string {
  if (text === '') return 'nothing';
  const plain = text.replace(/[\p{C}\p{Z}]+/gu, ' ');
  return `"${plain.slice(0, SHOWN_CHARS)}${plain.length > SHOWN_CHARS ? '...' : ''}"`;
}
