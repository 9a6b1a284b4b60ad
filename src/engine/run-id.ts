import { createHash, randomBytes } from 'node:crypto';

/** No vowels (no words), no look-alikes (0/o, 1/l): read over the phone at 3 a.m. */
const LETTERS = 'bcdfghjkmnpqrstvwxz';
const SIGNS = `${LETTERS}23456789`;

/**
 * Six signs, the first a letter: a DNS label, and never an integer, which BullMQ refuses as a job id. The same `delivery` gives the
 * same id, so that what Slack delivers twice cannot make two runs.
 */
export function newRunId(delivery?: string): string {
  const bytes = delivery === undefined ? randomBytes(12) : createHash('sha256').update(delivery).digest();
  let id = '';
  for (let at = 0; id.length < 6; at += 1) {
    const signs = id === '' ? LETTERS : SIGNS;
    id += signs.charAt(bytes.readUInt16BE(at * 2) % signs.length);
  }
  return id;
}
