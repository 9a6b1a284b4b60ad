import { randomInt } from 'node:crypto';

/** No vowels (no words), no look-alikes (0/o, 1/l): read over the phone at 3 a.m. */
const LETTERS = 'bcdfghjkmnpqrstvwxz';
const SIGNS = `${LETTERS}23456789`;

/** Six signs, the first a letter: a DNS label, and never an integer, which BullMQ refuses as a job id. */
export function newRunId(): string {
  let id = LETTERS.charAt(randomInt(LETTERS.length));
  while (id.length < 6) id += SIGNS.charAt(randomInt(SIGNS.length));
  return id;
}
