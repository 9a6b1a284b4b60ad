import { describe, expect, test } from 'vitest';
import { command } from '../../commands/declare.ts';
import type { CommandContext } from '../../src/contracts.ts';

const AT_HOME = { kind: 'terminal', account: 'alice', uid: 1000 };

/** What the command says of paging, below who declared what. */
async function declare(
  settings: { pager: { rest: boolean; events: boolean }; chat: boolean; announceIn?: string },
  { driven = true as boolean | undefined, severity = 'sev2', flags = [] as string[] } = {},
): Promise<string[]> {
  const opening = { incident: '20261126-174158', private: flags.includes('private') };
  const context = {
    ...{ actor: AT_HOME, origin: undefined, authorizeResponding: () => undefined },
    incidents: {
      ...{ settings, declare: async () => opening.incident, open: async () => [] },
      read: async () => ({ state: { opening, severity } }),
      isDriven: async () => driven,
    },
  } as unknown as CommandContext;
  const args = { arguments: {}, rest: ['down'], options: { severity }, flags: new Set(flags) };
  const { lines } = await command.handle(args as unknown as Parameters<typeof command.handle>[0], context);
  return lines.filter((line) => !/^(Incident|Its|There is no Slack)/.test(line));
}

const BOTH = { pager: { rest: true, events: true }, chat: true, announceIn: 'incidents' };
const NO_PAGER = { ...BOTH, pager: { rest: false, events: false } };

describe('dr declare claims no more than it knows', () => {
  test.each([
    ['sev1', ''],
    ['sev3', ', with low urgency'],
  ])('%s: a Muster is paging', async (severity, urgency) => {
    expect(await declare(BOTH, { severity })).toEqual([
      `Recorded. Muster is paging whoever is on call now${urgency}; whether it worked: dr status 20261126-174158`,
    ]);
  });

  test('no Muster is running: nobody is paged', async () => {
    expect(await declare(BOTH, { driven: false })).toEqual([
      'Recorded, but no Muster is running: NOBODY is paged until one is (npm start). Call them.',
    ]);
  });

  test('where that cannot be told it is not claimed', async () => {
    const [line = ''] = await declare(BOTH, { driven: undefined });
    expect(line).toMatch(/^Recorded\. Muster is paging .*whether it worked: dr status/);
  });

  test.each([
    ['the incidents channel', NO_PAGER, [], '@here goes to #incidents.'],
    ['its room, as it is private', NO_PAGER, ['private'], '@here goes to its room, once that is open.'],
    ['its room', { pager: NO_PAGER.pager, chat: true }, [], '@here goes to its room, once that is open.'],
    ['the channel by its id', { ...NO_PAGER, announceIn: 'C0123ABCD' }, [], '@here goes to <#C0123ABCD>.'],
  ])('without PagerDuty: %s', async (_, settings, flags, said) => {
    expect(await declare(settings, { flags })).toEqual([
      `PagerDuty is not configured: ${said} Call whoever must know.`,
    ]);
  });

  test('without PagerDuty and Slack there is nobody to page, running or not', async () => {
    const none = { ...NO_PAGER, chat: false };
    for (const driven of [true, false])
      expect(await declare(none, { driven })).toEqual([
        'PagerDuty is not configured: NOBODY is paged. Call whoever must know.',
      ]);
  });
});
