import { expect, test } from 'vitest';
import type { IncidentEngine } from '../../src/incident-contracts.ts';
import { warnUndriven } from '../../src/responding/warn-undriven.ts';

const AT_HOME = { kind: 'terminal', account: 'alice', uid: 1000 } as const;

function warn(
  driven: boolean | undefined,
  left: 'call' | 'pager' | 'people' = 'call',
  actor: object = AT_HOME,
  events = true,
) {
  const settings = { pager: { rest: false, events } };
  const incidents = { settings, isDriven: async () => driven } as IncidentEngine;
  return warnUndriven({ incidents, actor: actor as typeof AT_HOME }, left);
}

test('nobody drives it: what is left undone is said, and by what it is done', async () => {
  expect(await warn(false)).toEqual([
    'Recorded, but no Muster is running: NOBODY is paged until one is (npm start). Call them.',
  ]);
  expect(await warn(false, 'pager')).toEqual([
    'Recorded, but no Muster is running: PagerDuty is not told until one is (npm start).',
  ]);
  const nobody = ['Recorded, but no Muster is running: nobody is told until one is (npm start).'];
  expect(await warn(false, 'people')).toEqual(nobody);
  expect(await warn(false, 'pager', AT_HOME, false)).toEqual(nobody);
});

test('nothing is said where a Muster is running, where that cannot be told, and in Slack, which one answers', async () => {
  expect(await warn(true)).toEqual([]);
  expect(await warn(undefined)).toEqual([]);
  expect(await warn(false, 'call', { kind: 'slack', user: 'U0ALICE01', groups: [] })).toEqual([]);
});
