import { type Account, hasKey, isOpen, personNamed } from './account.ts';
import type { Incident } from './account-types.ts';
import { type Act, acknowledge, annotate, escalate, reassign, reopen, resolve, snooze } from './change-incident.ts';
import { triggerIncident } from './trigger-incident.ts';

/**
 * What people do in PagerDuty's own app; webhooks tell the bot of it. People go by `oncall`, id or e-mail address, incidents
 * by id, number or key.
 */
export interface PeopleActs {
  /** Opens an incident by hand on this service; left out: the only one. Returns its id. */
  trigger(user: string, incident: { title: string; key?: string; urgency?: 'high' | 'low' }): string;
  acknowledge(user: string, incident: string | number): void;
  resolve(user: string, incident: string | number): void;
  reopen(user: string, incident: string | number): void;
  /** To this level; left out: the next one. */
  escalate(user: string, incident: string | number, level?: number): void;
  reassign(user: string, incident: string | number, to: string): void;
  note(user: string, incident: string | number, content: string): void;
  /** Until so many seconds have passed by PagerDuty's clock. */
  snooze(user: string, incident: string | number, seconds: number): void;
  /** An administrator says who is on call by a schedule from now on, in turn by week; nobody: an empty list. */
  setOnCall(schedule: string, people: readonly string[]): void;
  /** An administrator disables the service, ends its maintenance, or puts it there. */
  setService(service: string, state: 'active' | 'maintenance' | 'disabled'): void;
}

/** The newest of several with the same key, an open one first. */
export function incidentNamed({ incidents }: Account, name: string | number): Incident {
  const all = [...incidents.values()].reverse();
  const matching = all.filter(
    (incident) => incident.id === name || incident.number === name || hasKey(incident, String(name)),
  );
  const found = matching.find(isOpen) ?? matching[0];
  if (found === undefined) throw new Error(`PagerDuty has no incident ${name}`);
  return found;
}

export function createPeopleActs(account: Account, settle: () => void): PeopleActs {
  const actOf = (user: string): Act => ({
    agent: { type: 'user', id: personNamed(account, user).id },
    client: undefined,
  });
  const act = (user: string, name: string | number, change: (incident: Incident, act: Act) => void): void => {
    settle();
    change(incidentNamed(account, name), actOf(user));
    settle();
  };
  return {
    trigger(user, { title, key, urgency }) {
      settle();
      const [service] = account.services.keys();
      const { id } = triggerIncident(account, { title, key, urgency, service: service ?? '', ...actOf(user) });
      settle();
      return id;
    },
    acknowledge: (user, name) => act(user, name, (incident, by) => acknowledge(account, incident, by)),
    resolve: (user, name) => act(user, name, (incident, by) => resolve(account, incident, by)),
    reopen: (user, name) => act(user, name, (incident, by) => reopen(account, incident, by)),
    escalate: (user, name, level) =>
      act(user, name, (incident, by) => escalate(account, incident, level ?? incident.level + 1, by)),
    reassign: (user, name, to) =>
      act(user, name, (incident, by) => reassign(account, incident, [personNamed(account, to).id], by)),
    note: (user, name, content) =>
      act(user, name, (incident, by) => void annotate(account, incident, by.agent?.id ?? '', content, by)),
    snooze: (user, name, seconds) => act(user, name, (incident) => snooze(account, incident, seconds)),
    ...createAdminActs(account),
  };
}

function createAdminActs(account: Account): Pick<PeopleActs, 'setOnCall' | 'setService'> {
  return {
    setOnCall(id, people) {
      const schedule = account.schedules.get(id);
      if (schedule === undefined) throw new Error(`PagerDuty has no schedule ${id}`);
      schedule.people = people.map((name) => personNamed(account, name).id);
    },
    setService(id, state) {
      const service = account.services.get(id);
      if (service === undefined) throw new Error(`PagerDuty has no service ${id}`);
      service.state = state;
    },
  };
}
