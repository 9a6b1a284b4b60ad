import { expect, test } from 'vitest';
import type { DoctorContext } from '../../src/doctor/examination.ts';
import { examination as aboutPagerDuty } from '../../src/doctor/lines/pagerduty.ts';
import { examination as aboutPeople } from '../../src/doctor/lines/pagerduty-people.ts';
import type { OnCall } from '../../src/incident-ports.ts';

/** The doctor's view of an account with these people on call, and of a Slack that has those of sandbox.example. */
function contextOf(onCall: OnCall[]) {
  const asked: string[] = [];
  const context = {
    pager: {
      service: async () => ({ name: 'Data', status: 'active' }),
      onCall: async () => onCall,
      knows: async () => true,
      takesEvents: async () => undefined,
    },
    chat: {
      memberByEmail: async (email: string) => {
        asked.push(email);
        return email.endsWith('@sandbox.example') ? 'U1' : undefined;
      },
    },
    paging: { from: 'muster@sandbox.example', routingKey: 'key' },
    signal: new AbortController().signal,
  } as unknown as DoctorContext;
  return { context, asked };
}

const person = (id: string, email?: string, level = 1): OnCall => ({
  ...{ id, name: `Person ${id}`, level },
  ...(email === undefined ? {} : { email }),
});

async function examine(it: typeof aboutPeople, context: DoctorContext) {
  if (it.about !== 'installation') throw new Error('it is about the installation');
  return it.examine(context);
}

test('everybody on call is found, each asked about once', async () => {
  const { context, asked } = contextOf([person('A', 'a@sandbox.example'), person('A', 'a@sandbox.example', 2)]);
  expect(await examine(aboutPeople, context)).toEqual([
    { line: 'pagerduty people', verdict: 'ok', detail: '1 on call are found in Slack' },
  ]);
  expect(asked).toEqual(['a@sandbox.example']);
});

test('whom Slack does not have, and who has no address, is named', async () => {
  const { context } = contextOf([person('A', 'a@sandbox.example'), person('B', 'b@agency.example'), person('C')]);
  expect(await examine(aboutPeople, context)).toMatchObject([
    {
      verdict: 'warning',
      detail: 'on call, and not found in Slack: Person B (b@agency.example); Person C (no e-mail address in PagerDuty)',
    },
  ]);
});

test('nobody on call is red, and has no people to look for', async () => {
  const { context } = contextOf([]);
  expect(await examine(aboutPagerDuty, context)).toMatchObject([
    { verdict: 'red', detail: 'nobody is on call for service Data: nobody is paged' },
  ]);
  expect(await examine(aboutPeople, context)).toEqual([]);
});

test('more people than Slack may be asked about are said, not passed', async () => {
  const { context, asked } = contextOf(
    Array.from({ length: 43 }, (_, at) => person(`P${at}`, `${at}@sandbox.example`)),
  );
  expect(await examine(aboutPeople, context)).toMatchObject([
    { verdict: 'ok' },
    { verdict: 'unchecked', detail: '3 more people on call: too many to ask' },
  ]);
  expect(asked).toHaveLength(40);
});
