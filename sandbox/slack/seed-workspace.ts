import type { User } from './slack-types.ts';
import { addChannel, type Identity, type Workspace } from './workspace.ts';

export const IDENTITY: Identity = {
  team: { id: 'T0SANDBOX01', name: 'Sandbox', domain: 'sandbox' },
  appId: 'A0MUSTER001',
  bot: { user: 'U0MUSTER001', id: 'B0MUSTER001', name: 'muster' },
};

export type Person = 'oncall' | 'lead' | 'dba' | 'stranger';
export type SeededChannel = 'incidents' | 'data-platform' | 'random';

/** By name, so that a test need not know ids. */
export const PEOPLE: Readonly<Record<Person, string>> = {
  oncall: 'U0ONCALL001',
  lead: 'U0LEAD00001',
  dba: 'U0DBA000001',
  stranger: 'U0STRANGER1',
};
export const CHANNELS: Readonly<Record<SeededChannel, string>> = {
  incidents: 'C0INCIDENT1',
  'data-platform': 'C0DATAPLAT1',
  random: 'C0RANDOM001',
};
export const GROUPS = { 'dr-leads': 'S0DRLEADS01' } as const;

const REAL_NAMES: Readonly<Record<Person, string>> = {
  oncall: 'Olive On-call',
  lead: 'Lee Lead',
  dba: 'Dana Database',
  stranger: 'Sam Stranger',
};

function addUser(workspace: Workspace, user: Pick<User, 'id' | 'name' | 'realName'> & { isBot?: boolean }): void {
  workspace.users.set(user.id, {
    isBot: false,
    deleted: false,
    email: `${user.name}@sandbox.example`,
    ...user,
  });
}

/** Four people, a group, two channels with the bot in them and one without. */
export function seedWorkspace(workspace: Workspace): void {
  const { bot } = workspace;
  addUser(workspace, { id: bot.user, name: bot.name, realName: 'Muster', isBot: true });
  for (const name of Object.keys(PEOPLE) as Person[])
    addUser(workspace, { id: PEOPLE[name], name, realName: REAL_NAMES[name] });
  workspace.groups.set(GROUPS['dr-leads'], {
    id: GROUPS['dr-leads'],
    handle: 'dr-leads',
    name: 'Disaster recovery leads',
    users: [PEOPLE.lead],
  });
  const people = Object.values(PEOPLE);
  for (const name of Object.keys(CHANNELS) as SeededChannel[]) {
    const members = name === 'random' ? people : [bot.user, ...people];
    addChannel(workspace, { id: CHANNELS[name], name, kind: 'public', creator: PEOPLE.lead, members });
  }
}
