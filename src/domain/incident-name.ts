/** What a person may call an incident by: its id, or its room. */
export type IncidentName = { incident: string } | { channel: string } | { room: string };

const ID = /^\d{8}-\d{6}(-\d{1,4})?$/;
const ROOM_PREFIX = 'incident-';

/** `20261126-174158`, `incident-...`, `#incident-...`, or `<#C0123>` as Slack writes a channel; undefined: none of these. */
export function parseIncidentName(text: string): IncidentName | undefined {
  const channel = /^<#([CG][A-Z0-9]{2,})(?:\|[^<>]*)?>$/.exec(text)?.[1];
  if (channel !== undefined) return { channel };
  const name = text.replace(/^#/, '').toLowerCase();
  const id = name.startsWith(ROOM_PREFIX) ? name.slice(ROOM_PREFIX.length) : name;
  if (ID.test(id)) return { incident: id };
  return /^incident-[a-z0-9_-]{1,71}$/.test(name) ? { room: name } : undefined;
}
