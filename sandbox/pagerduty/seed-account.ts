import type { Account } from './account.ts';
import type { Person } from './account-types.ts';

export type PersonLogin = 'oncall' | 'lead' | 'dba' | 'night' | 'muster';

/** By name, so that a test need not know ids. */
export const PEOPLE: Readonly<Record<PersonLogin, string>> = {
  oncall: 'PONCALL',
  lead: 'PLEAD01',
  dba: 'PDBA001',
  night: 'PNIGHT1',
  muster: 'PMUSTER',
};
export const POLICIES = { production: 'PEPPROD', databases: 'PEPDATA' } as const;
export const SCHEDULES = { primary: 'PSCHED1' } as const;
export const SERVICE = 'PSVC001';
export const INTEGRATION = 'PINTEG1';
export const PRIORITIES = { P1: 'PPRIO01', P2: 'PPRIO02', P3: 'PPRIO03' } as const;

/** The first four have the addresses of the sandbox's Slack; `night` has one that nobody there has. */
const DETAILS: Readonly<Record<PersonLogin, Pick<Person, 'name' | 'email' | 'jobTitle'>>> = {
  oncall: { name: 'Olive On-call', email: 'oncall@sandbox.example', jobTitle: 'Site reliability engineer' },
  lead: { name: 'Lee Lead', email: 'lead@sandbox.example', jobTitle: 'Engineering lead' },
  dba: { name: 'Dana Database', email: 'dba@sandbox.example', jobTitle: 'Database administrator' },
  muster: { name: 'Muster', email: 'muster@sandbox.example', jobTitle: 'Bot' },
  night: { name: 'Nico Night', email: 'nico@agency.example', jobTitle: 'Night shift' },
};

const ESCALATION_MINUTES = 5;

function seedPeople({ people }: Account): void {
  for (const [index, login] of (Object.keys(PEOPLE) as PersonLogin[]).entries()) {
    const id = PEOPLE[login];
    const { email } = DETAILS[login];
    people.set(id, {
      id,
      login,
      ...DETAILS[login],
      contactMethods: [
        { id: `PCMAIL${index}`, type: 'email_contact_method', label: 'Default', address: email },
        { id: `PCPHON${index}`, type: 'phone_contact_method', label: 'Mobile', address: `202555010${index}` },
      ],
    });
  }
}

/** Two policies, one service that pages oncall, then lead, then somebody whom Slack does not know. */
export function seedAccount(account: Account, service: { routingKey: string; acknowledgementTimeout?: number }): void {
  seedPeople(account);
  account.schedules.set(SCHEDULES.primary, {
    id: SCHEDULES.primary,
    name: 'Primary on-call',
    people: [PEOPLE.oncall],
  });
  const delayMinutes = ESCALATION_MINUTES;
  account.policies.set(POLICIES.production, {
    id: POLICIES.production,
    name: 'Production',
    loops: 1,
    levels: [
      { id: 'PERULE1', delayMinutes, targets: [{ type: 'schedule', id: SCHEDULES.primary }] },
      { id: 'PERULE2', delayMinutes, targets: [{ type: 'user', id: PEOPLE.lead }] },
      { id: 'PERULE3', delayMinutes, targets: [{ type: 'user', id: PEOPLE.night }] },
    ],
  });
  account.policies.set(POLICIES.databases, {
    id: POLICIES.databases,
    name: 'Databases',
    loops: 0,
    levels: [{ id: 'PERULE4', delayMinutes, targets: [{ type: 'user', id: PEOPLE.dba }] }],
  });
  account.services.set(SERVICE, {
    id: SERVICE,
    name: 'Disaster recovery',
    policy: POLICIES.production,
    integration: INTEGRATION,
    routingKey: service.routingKey,
    createdAt: account.now(),
    acknowledgementTimeout: service.acknowledgementTimeout,
    state: 'active',
  });
  for (const [name, id] of Object.entries(PRIORITIES)) account.priorities.set(id, name);
}
