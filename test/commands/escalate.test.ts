import { expect, test } from 'vitest';
import { command } from '../../commands/escalate.ts';
import type { CommandContext } from '../../src/contracts.ts';

const ID = '20261126-174158';
const UNPAGED = 'Recorded, but PagerDuty is not known to have paged anybody yet: call them by phone.';
const UNDRIVEN = 'Recorded, but no Muster is running: NOBODY is paged until one is (npm start). Call them.';

/** `pages`: none, one that PagerDuty does not have yet, or one that it has. */
async function escalate(pages: 'none' | 'asked' | 'paged', driven = true) {
  const page = { key: 'page:1', status: 'asked', assignees: [], notices: new Set(), changes: [] };
  const at = pages === 'paged' ? { ...page, pager: { id: 'PINC01' } } : page;
  const view = {
    stream: `incident-${ID}`,
    state: {
      opening: { incident: ID, private: false, by: { kind: 'terminal' } },
      pages: new Map(pages === 'none' ? [] : [['page:1', at]]),
      effects: new Map(),
    },
  };
  const context = {
    ...{ actor: { kind: 'terminal', account: 'alice', uid: 1000 }, authorizeResponding: () => undefined },
    incidents: {
      settings: { pager: { rest: true, events: true } },
      read: async () => view,
      isDriven: async () => driven,
      change: async (_: string, decide: (it: unknown) => unknown) => ({ view, recorded: decide(view) }),
    },
  } as unknown as CommandContext;
  const args = { arguments: { incident: ID }, rest: [], options: {}, flags: new Set() };
  return command.handle(args as unknown as Parameters<typeof command.handle>[0], context);
}

test('what PagerDuty has is escalated there', async () => {
  const { lines } = await escalate('paged');
  expect(lines).toEqual([`Incident ${ID}, page 1 (on call): PagerDuty is told to page the next level.`]);
});

test('what PagerDuty does not have yet was heard by nobody: call them', async () => {
  const later = `Incident ${ID}, page 1 (on call): PagerDuty will be told to page the next level.`;
  expect((await escalate('asked')).lines).toEqual([UNPAGED, later]);
  expect((await escalate('asked', false)).lines).toEqual([UNDRIVEN, later]);
});

test('where nobody was paged it points to the phone first', async () => {
  await expect(escalate('none')).rejects.toMatchObject({
    message: `Nobody was paged about incident ${ID}.`,
    action: 'Call them by phone; where PagerDuty answers, page somebody: dr page <who>',
  });
});
