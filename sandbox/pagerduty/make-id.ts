import { randomBytes, randomInt } from 'node:crypto';

const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** As PagerDuty's ids look: a letter for the kind, then digits and capitals. */
export function makeId(prefix: string, length: number): string {
  let id = prefix;
  while (id.length < length) id += LETTERS[randomInt(LETTERS.length)];
  return id;
}

export const incidentId = (): string => makeId('Q', 14);
export const shortId = (): string => makeId('P', 7);
/** 26 characters, as a webhook's event has. */
export const eventId = (): string => makeId('01', 26);
/** 32 characters. */
export const makeSecret = (): string => randomBytes(16).toString('hex');
