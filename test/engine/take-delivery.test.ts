import { describe, expect, test } from 'vitest';
import type { Reply } from '../../src/contracts.ts';
import type { Delivery } from '../../src/domain/delivery.ts';
import type { Modal } from '../../src/domain/modal.ts';
import { type DoorDeps, takeDelivery } from '../../src/engine/take-delivery.ts';
import { DrError } from '../../src/errors.ts';

const COMMAND: Delivery = { kind: 'command', id: 'd1', team: 'T1', user: 'U0ONCALL', channel: 'C1', text: 'runs' };
const UNSURE = 'Redis stopped answering (Command timed out). It is not known whether this was recorded.';

const never = () => Promise.reject(new Error('not asked for here'));

function door(claim: () => Promise<boolean>, reply: Reply): DoorDeps {
  const silent = () => undefined;
  return {
    ledger: { claim, isClaimed: async () => false },
    clock: { now: () => 0 },
    policy: undefined,
    emoji: 'pushpin',
    incidents: { read: never, change: never, ofChannel: never },
    log: { info: silent, warn: silent, error: silent },
    groups: [],
    chat: { groupsOf: () => Promise.resolve([]), openModal: () => Promise.resolve(), read: never, link: never },
    isUnrecorded: () => false,
    doesPage: (line) => line.startsWith('declare'),
    dispatch: () => Promise.resolve(reply),
  };
}

const failed: Reply = {
  ok: false,
  lines: [UNSURE, 'Next: look at what is there: dr status'],
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

test('Redis is away for what is to page: nobody was paged, and that nothing was recorded is said once', async () => {
  const message =
    'Redis does not answer (connect ECONNREFUSED 127.0.0.1:6379). Nothing was recorded, nothing was started.';
  const away = new DrError({ code: 'LEDGER_UNREACHABLE', message, action: '' });
  const answer = await takeDelivery(
    door(() => Promise.reject(away), failed),
    { ...COMMAND, text: 'declare the shop is down' },
  );
  expect(answer?.lines).toEqual([
    'NOT recorded, nothing started: Redis does not answer (connect ECONNREFUSED 127.0.0.1:6379).',
    'NOBODY was paged: call them.',
    'Next: in the terminal, once Redis answers: dr declare the shop is down',
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

describe('a command that asks by a form', () => {
  const modal: Modal = {
    ...{ title: 'Declare', submit: 'Declare', command: 'declare' },
    inputs: [{ id: 'title', label: 'Title', as: 'argument', type: 'text' }],
  };
  const asking: Reply = { ok: true, lines: ['It needs a title.'], data: {}, modal };
  const claimed = () => Promise.resolve(true);

  test('opens it at once, for whoever asked, from where they did', async () => {
    const opened: unknown[] = [];
    const deps = door(claimed, asking);
    const openModal: DoorDeps['chat']['openModal'] = async (...args) => void opened.push(args.slice(0, 3));
    expect(await takeDelivery({ ...deps, chat: { ...deps.chat, openModal } }, COMMAND)).toEqual({
      ok: true,
      lines: [],
    });
    expect(opened).toEqual([['d1', modal, 'C1']]);
  });

  test('says what to type where Slack does not open it', async () => {
    const deps = door(claimed, asking);
    const openModal = () => Promise.reject(new Error('expired_trigger_id'));
    expect(await takeDelivery({ ...deps, chat: { ...deps.chat, openModal } }, COMMAND)).toEqual({
      ok: false,
      lines: ['Slack did not open the form.', 'It needs a title.', 'Type it in one line: /dr declare "<title>"'],
    });
  });

  test('is submitted as a line, under the name of its form: twice is once', async () => {
    const asked: unknown[] = [];
    const dispatch: DoorDeps['dispatch'] = async (line, actor, _signal, origin) => {
      asked.push([line, actor, origin]);
      return { ok: true, lines: ['Declared.'], data: {} };
    };
    const submitted: Delivery = { ...COMMAND, kind: 'modal', text: 'declare -- x', view: 'V1', fields: ['title'] };
    await takeDelivery({ ...door(claimed, asking), dispatch }, submitted);
    const actor = { kind: 'slack', user: 'U0ONCALL', groups: [] };
    expect(asked).toEqual([['declare -- x', actor, { channel: 'C1', delivery: 'V1' }]]);
  });
});
