import { expect, test } from 'vitest';
import type { Entry } from '../../src/domain/ledger.ts';
import { createLookAgain } from '../../src/engine/look.ts';

const entry = (id: string): Entry => ({ id, event: { type: 'foreign', wrote: 'anything' } });

test.each([
  ['nothing was recorded since the look', '2-0', []],
  ['something was recorded while the job was on its way out', '1-0', ['run-a']],
])('%s', async (_what, seen, woken) => {
  const wakes: string[] = [];
  const refuse = () => Promise.reject(new Error('not asked'));
  const ledger = {
    installation: refuse,
    append: refuse,
    unfinished: refuse,
    unfinishedOn: refuse,
    claim: refuse,
    isClaimed: refuse,
    recent: refuse,
    holder: refuse,
    close: refuse,
    read: () => Promise.resolve([entry('1-0'), entry('2-0')]),
  };
  const queue = {
    workers: refuse,
    close: refuse,
    wake: (stream: string) => {
      wakes.push(stream);
      return Promise.resolve();
    },
  };
  await createLookAgain({ ledger, queue })('run-a', seen);
  expect(wakes).toEqual(woken);
});
