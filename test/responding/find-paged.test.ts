import { describe, expect, test } from 'vitest';
import { DrError } from '../../src/errors.ts';
import type { IncidentEngine } from '../../src/incident-contracts.ts';
import type { Pager, Rooms } from '../../src/incident-ports.ts';
import { pagedBy } from '../../src/responding/find-paged.ts';
import { never, usePagerDuty } from '../adapters/pagerduty-bench.ts';

describe('whom PagerDuty is to page', () => {
  const bench = usePagerDuty();

  /** `emails`: what Slack says of its members; undefined: there is no Slack here. */
  function find(who: string, emails?: Record<string, string>) {
    const emailOf: Rooms['emailOf'] = async (user) => emails?.[user];
    const rooms = emails === undefined ? undefined : ({ emailOf } as Rooms);
    const incidents = { pager: bench.pager, rooms: () => rooms } as IncidentEngine;
    return pagedBy({ incidents, signal: never }, who);
  }

  test.each([
    ['an id', 'PDBA001', { id: 'PDBA001', kind: 'user' }],
    ['an e-mail address', 'DBA@sandbox.example', { id: 'PDBA001', kind: 'user' }],
    ['a whole name', 'Dana Database', { id: 'PDBA001', kind: 'user' }],
    ['a word of a name', 'dana', { id: 'PDBA001', kind: 'user' }],
    ["a policy's id", 'PEPDATA', { id: 'PEPDATA', kind: 'escalation_policy' }],
    ["a policy's name", 'databases', { id: 'PEPDATA', kind: 'escalation_policy' }],
  ])('is found by %s', async (_, who, found) => {
    expect(await find(who)).toMatchObject(found);
  });

  test.each([
    [
      'a part of a word, which names two',
      'data',
      /PDBA001 Dana Database, dba@sandbox.example; PEPDATA Databases \(policy\)/,
    ],
    ['a part of a word, which names one', 'oliv', /is not one person .* for sure: PONCALL Olive On-call/],
    ['a part of an address', '@sandbox.example', /PONCALL .*PLEAD01 /],
    ['nobody', 'mallory', /PagerDuty knows nobody as "mallory"/],
    ['nothing', ' ', /must say who/],
    ['what is no name', '<!channel>', /PagerDuty knows nobody/],
  ])('is not guessed from %s', async (_, who, message) => {
    const refusal = await find(who).catch((thrown: unknown) => thrown);
    expect(refusal).toMatchObject({ code: 'COMMAND_INVALID', message: expect.stringMatching(message) });
    expect(refusal).toMatchObject({ message: expect.stringMatching(/Nobody was paged\.$/) });
  });

  test('a member of Slack is found by their e-mail address, and never by anything else', async () => {
    expect(await find('<@U0LEAD1>', { U0LEAD1: 'lead@sandbox.example' })).toMatchObject({ id: 'PLEAD01' });
    await expect(find('<@U0LEAD1>', { U0LEAD1: 'lead@elsewhere.example' })).rejects.toThrow(
      /knows nobody as "lead@else/,
    );
    await expect(find('<@U0LEAD1>', {})).rejects.toThrow('The e-mail address of <@U0LEAD1> cannot be told from Slack.');
    await expect(find('<@U0LEAD1>')).rejects.toThrow('cannot be told from Slack');
  });

  test('a PagerDuty that does not answer is an error, not nobody', async () => {
    await bench.there.faults.down('rest');
    await expect(find('dana')).rejects.toMatchObject({ code: expect.stringMatching(/^PAGER_/) });
  });
});

test('with PagerDuty or Slack away it is refused: nobody was paged, call them', async () => {
  const away = (code: 'PAGER_UNREACHABLE' | 'CHAT_UNREACHABLE') => async () => {
    throw new DrError({ code, message: 'It does not answer.', action: 'Look at it.', retryable: true });
  };
  const pager = { search: away('PAGER_UNREACHABLE') } as unknown as Pager;
  const rooms = { emailOf: away('CHAT_UNREACHABLE') } as unknown as Rooms;
  const incidents = { pager, rooms: () => rooms } as IncidentEngine;
  const said = { message: 'It does not answer. Nobody was paged: call them.', action: 'Look at it.', retryable: true };
  await expect(pagedBy({ incidents, signal: never }, 'dana')).rejects.toMatchObject({
    ...said,
    code: 'PAGER_UNREACHABLE',
  });
  await expect(pagedBy({ incidents, signal: never }, '<@U0LEAD1>')).rejects.toMatchObject({
    ...said,
    code: 'CHAT_UNREACHABLE',
  });
});

test('without PagerDuty nobody can be paged by name', async () => {
  const incidents = { pager: undefined } as IncidentEngine;
  await expect(pagedBy({ incidents, signal: never }, 'dana')).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
});
