import { renderActor } from '../../domain/actor.ts';
import type { IncidentState } from '../../domain/incident.ts';
import { type Opening, type Responder, ROLES } from '../../domain/incident-events.ts';
import { onCallOf } from '../../domain/incident-room.ts';
import type { Line } from './line.ts';
import type { IncidentShown } from './shown.ts';

/** A Slack user as `renderActor` names them; what is no id is only text. */
export function nameMember(user: string): string {
  return /^[UW][A-Z0-9]{2,}$/.test(user) ? `<@${user}>` : user.replaceAll('<', '');
}

export function nameDeclarer({ by }: Opening): string {
  return by.kind === 'alert' ? `an alert of ${by.source} (route ${by.route})` : renderActor(by);
}

/** Who has which role; nobody is said too. */
export function renderRoles({ roles, resolvedAt }: IncidentState): Line[] {
  const lacks = !roles.has('commander') && resolvedAt === undefined;
  const all = ROLES.map((role) => {
    const user = roles.get(role);
    return `${role}: ${user === undefined ? 'nobody' : nameMember(user)}`;
  });
  return [{ text: `Roles: ${all.join(', ')}`, strong: lacks }];
}

/** What is over needs none any more. */
export function nameCommander({ roles, resolvedAt }: Pick<IncidentState, 'roles' | 'resolvedAt'>): string {
  const user = roles.get('commander');
  if (user !== undefined) return nameMember(user);
  return resolvedAt === undefined ? 'nobody yet' : 'nobody';
}

/** Who is on call by PagerDuty, and by name who could not be called into the room. */
export function renderOnCall({ state, settings }: IncidentShown): Line[] {
  if (state.page === undefined) return [];
  const found = state.effects.get('find-on-call');
  const responders = onCallOf(state);
  if (responders !== undefined)
    return [
      { text: `On call: ${responders.length === 0 ? sayNobody(state) : responders.map(nameFound).join('; ')}` },
      ...responders.filter(({ slack, unmatched }) => slack === undefined && !unmatched).map(sayMissing),
      ...sayUnmatched(state, responders),
    ];
  if (!settings.pager.rest)
    return [{ text: "Who is on call is not known: PagerDuty's REST API is not set up (PAGERDUTY_API_TOKEN)." }];
  const why = found?.refused ?? found?.delayed.at(-1);
  return [
    { text: why === undefined ? 'Who is on call is being looked up.' : `Who is on call is not known yet: ${why}` },
  ];
}

/** PagerDuty answers the same for a policy that it does not know, and pages by the service's own instead. */
function sayNobody({ page }: IncidentState): string {
  const policy = page?.escalationPolicy;
  return policy === undefined
    ? 'nobody, says PagerDuty'
    : `PagerDuty knows nobody by escalation policy ${policy}, which the route names: is there such a policy?`;
}

/** Whoever has no mention is nobody there. */
export function nameFound({ name, level, slack }: Responder): string {
  return `${name}${slack === undefined ? '' : ` ${nameMember(slack)}`} (level ${level})`;
}

/** Slack could not be asked: that is not to be taken for nobody there. */
function sayUnmatched({ effects }: IncidentState, responders: readonly Responder[]): Line[] {
  const names = responders.filter(({ unmatched }) => unmatched).map(({ name }) => name);
  if (names.length === 0) return [];
  const { refused, delayed = [] } = effects.get('match-on-call') ?? {};
  const why = refused ?? delayed.at(-1);
  const next = refused === undefined ? 'Muster keeps trying' : 'Invite them by hand';
  return [
    {
      text: `Slack cannot ${refused === undefined ? 'yet ' : ''}be asked who that is there: ${names.join(', ')}. ${next}${why === undefined ? '.' : `: ${why}`}`,
    },
  ];
}

function sayMissing({ name }: Responder): Line {
  return {
    text: `${name} could NOT be called into the room: nobody in Slack has their e-mail address. Invite them by hand.`,
  };
}
