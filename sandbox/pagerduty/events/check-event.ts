import { isObject, type Json, type JsonObject, stringIn } from '../../slack/json.ts';

const ACTIONS = ['trigger', 'acknowledge', 'resolve'] as const;
export type EventAction = (typeof ACTIONS)[number];
const SEVERITIES = ['critical', 'warning', 'error', 'info'];
const KEY_LENGTH = 32;
const LONGEST_DEDUP_KEY = 255;
const LONGEST_SUMMARY = 1_024;

export interface Event {
  action: EventAction;
  routingKey: string;
  dedupKey: string | undefined;
  summary: string;
  severity: string;
  client: { name: string; url: string | undefined } | undefined;
}

const isBlank = (value: Json | undefined): boolean => stringIn(value).trim() === '';

function checkRoutingKey(key: Json | undefined): string[] {
  if (isBlank(key)) return ["'routing_key' cannot be blank"];
  const fits = stringIn(key).length === KEY_LENGTH;
  return fits ? [] : [`Length of 'routing_key' is incorrect (should be ${KEY_LENGTH} characters)`];
}

function checkPayload(payload: Json | undefined): string[] {
  if (!isObject(payload)) return ["'payload' is missing or blank"];
  const blank = ['summary', 'source', 'severity'].filter((field) => isBlank(payload[field]));
  const { severity, summary, timestamp, custom_details: details } = payload;
  return [
    ...blank.map((field) => `'payload.${field}' is missing or blank`),
    ...(isBlank(severity) || SEVERITIES.includes(stringIn(severity))
      ? []
      : ["'payload.severity' is invalid (must be one of the following: 'critical', 'warning', 'error' or 'info')"]),
    ...(stringIn(summary).length > LONGEST_SUMMARY
      ? [`Length of 'payload.summary' is incorrect (should be at most ${LONGEST_SUMMARY} characters)`]
      : []),
    ...(timestamp === undefined || !Number.isNaN(Date.parse(stringIn(timestamp)))
      ? []
      : ["'payload.timestamp' is invalid"]),
    ...(details === undefined || isObject(details) ? [] : ["'payload.custom_details' must be an object"]),
  ];
}

function checkDedupKey(key: Json | undefined, action: Json | undefined): string[] {
  if (isBlank(key)) return action === 'trigger' ? [] : ["'dedup_key' is missing or blank"];
  if (stringIn(key).length <= LONGEST_DEDUP_KEY) return [];
  return [`Length of 'dedup_key' is incorrect (should be at most ${LONGEST_DEDUP_KEY} characters)`];
}

function checkLists(body: JsonObject): string[] {
  return (
    [
      ['links', 'href'],
      ['images', 'src'],
    ] as const
  ).flatMap(([list, field]) => {
    const entries = body[list];
    if (entries === undefined) return [];
    const fits = Array.isArray(entries) && entries.every((entry) => isObject(entry) && !isBlank(entry[field]));
    return fits ? [] : [`'${list}' must be a list of objects with '${field}'`];
  });
}

/** What is wrong with an event, in PagerDuty's words where they are known. */
export function checkEvent(body: JsonObject): string[] {
  const { event_action: action, payload } = body;
  const isKnown = ACTIONS.some((known) => known === action);
  return [
    ...checkRoutingKey(body['routing_key']),
    ...(isBlank(action) ? ["'event_action' is missing or blank"] : []),
    ...(isBlank(action) || isKnown
      ? []
      : ["'event_action' is invalid (must be one of the following: 'trigger', 'acknowledge' or 'resolve')"]),
    ...(isKnown ? checkDedupKey(body['dedup_key'], action) : []),
    ...(action === 'trigger' || payload !== undefined ? checkPayload(payload) : []),
    ...checkLists(body),
  ];
}

/** A checked event. */
export function readEvent(body: JsonObject): Event {
  const payload = isObject(body['payload']) ? body['payload'] : {};
  const client = stringIn(body['client']);
  return {
    action: ACTIONS.find((action) => action === body['event_action']) ?? 'trigger',
    routingKey: stringIn(body['routing_key']),
    dedupKey: stringIn(body['dedup_key']) || undefined,
    summary: stringIn(payload['summary']),
    severity: stringIn(payload['severity']),
    client: client === '' ? undefined : { name: client, url: stringIn(body['client_url']) || undefined },
  };
}
