import { expect, test } from 'vitest';
import type { Reply } from '../../src/contracts.ts';
import type { Delivery } from '../../src/domain/delivery.ts';
import { type DoorDeps, takeDelivery } from '../../src/engine/take-delivery.ts';
import { DrError } from '../../src/errors.ts';

const COMMAND: Delivery = { kind: 'command', id: 'd1', team: 'T1', user: 'U0ONCALL', channel: 'C1', text: 'runs' };
const UNSURE = 'Redis stopped answering (Command timed out). It is not known whether this was recorded.';

function door(claim: () => Promise<boolean>, reply: Reply): DoorDeps {
  const silent = () => undefined;
  return {
    ledger: { claim },
    log: { info: silent, warn: silent, error: silent },
    groups: [],
    chat: { groupsOf: () => Promise.resolve([]) },
    isUnrecorded: () => false,
    dispatch: () => Promise.resolve(reply),
  };
}

const failed: Reply = {
  ok: false,
  lines: [UNSURE, 'Next: look at what is there: dr runs'],
  data: { error: { code: 'LEDGER_UNREACHABLE', message: UNSURE, action: '' } },
};

test('Redis is away before anything is asked for: nothing was recorded, for certain', async () => {
  const away = new DrError({ code: 'LEDGER_UNREACHABLE', message: 'Redis does not answer.', action: '' });
  const answer = await takeDelivery(
    door(() => Promise.reject(away), failed),
    COMMAND,
  );
  expect(answer?.lines).toEqual([
    'NOT recorded, nothing started: Redis does not answer.',
    'Next: in the terminal, once Redis answers: dr runs',
  ]);
});

test('Redis goes away in the middle: nobody claims that nothing was recorded', async () => {
  const answer = await takeDelivery(
    door(() => Promise.resolve(true), failed),
    COMMAND,
  );
  expect(answer).toEqual({ ok: false, lines: failed.lines });
});

test('what was taken before is not taken again', async () => {
  expect(
    await takeDelivery(
      door(() => Promise.resolve(false), failed),
      COMMAND,
    ),
  ).toBeUndefined();
});
