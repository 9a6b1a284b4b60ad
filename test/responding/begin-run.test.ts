import { expect, test } from 'vitest';
import type { CommandContext } from '../../src/contracts.ts';
import type { RunRequest } from '../../src/domain/run-events.ts';
import { DrError } from '../../src/errors.ts';
import { beginRun } from '../../src/responding/begin-run.ts';

const REQUEST = { run: 'k7m2qd', command: 'restore namespace shop' } as RunRequest;

/** What was asked of the engine, in order. */
function watch(change: () => Promise<unknown>, room: string | undefined) {
  const asked: string[] = [];
  const context = {
    actor: { kind: 'slack', user: 'U0ALICE' },
    origin: { channel: 'C0ROOM', delivery: 'd' },
    runs: {
      begin: async ({ run }: RunRequest) => {
        asked.push(`begin ${run}`);
        return run;
      },
    },
    incidents: {
      ofChannel: async () => room,
      change: (incident: string) => {
        asked.push(`link ${incident}`);
        return change();
      },
    },
  } as unknown as CommandContext;
  return { context, asked };
}

test('a run is written down in the incident of its room before it begins', async () => {
  const { context, asked } = watch(async () => ({}), '20261126-174158');
  const { run, lines } = await beginRun(context, REQUEST, undefined);
  expect(asked).toEqual(['link 20261126-174158', 'begin k7m2qd']);
  expect([run, lines]).toEqual(['k7m2qd', ['It belongs to incident 20261126-174158.']]);
});

test('the incident that is named goes before that of the room, and without either there is none', async () => {
  const named = watch(async () => ({}), '20261126-174158');
  await beginRun(named.context, REQUEST, '20261125-000000');
  expect(named.asked).toEqual(['link 20261125-000000', 'begin k7m2qd']);
  const none = watch(async () => ({}), undefined);
  expect(await beginRun(none.context, REQUEST, undefined)).toEqual({ run: 'k7m2qd', lines: [] });
  expect(none.asked).toEqual(['begin k7m2qd']);
});

test.each([
  ['a stream that never holds still', 'LEDGER_CONFLICT'],
  ['a run that belongs to another incident', 'TARGET_HELD'],
  ['a Redis that does not answer', 'LEDGER_UNREACHABLE'],
] as const)('%s keeps no run from beginning, once', async (_, code) => {
  const fail = () => Promise.reject(new DrError({ code, message: 'It did not work.', action: 'Wait.' }));
  const { context, asked } = watch(fail, '20261126-174158');
  const { lines } = await beginRun(context, REQUEST, undefined);
  expect(asked).toEqual(['link 20261126-174158', 'begin k7m2qd']);
  expect(lines).toEqual([expect.stringContaining('could not be written down in its incident (It did not work.)')]);
});
