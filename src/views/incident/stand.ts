import { renderActor } from '../../domain/actor.ts';
import { formatDuration } from '../../domain/duration.ts';
import { type IncidentState, isResolved } from '../../domain/incident.ts';
import type { Opening } from '../../domain/incident-events.ts';
import { RTO_MS } from '../../domain/next-for-incident.ts';
import type { Line } from './line.ts';
import type { IncidentShown } from './shown.ts';
import { clockOf, countOf } from './times.ts';

export function statusOf(state: IncidentState): 'open' | 'mitigated' | 'resolved' {
  if (isResolved(state)) return 'resolved';
  return state.mitigatedAt === undefined ? 'open' : 'mitigated';
}

/** `SEV1 OPEN: Checkout is down` */
export function nameIncident(state: IncidentState): string {
  return `${state.severity.toUpperCase()} ${statusOf(state).toUpperCase()}: ${state.opening.title}`;
}

/** `data-processing on cluster prod-eu`: a namespace; the default cluster is not named. */
export function nameTarget({ cluster, namespace }: NonNullable<Opening['target']>): string {
  return cluster === undefined ? namespace : `${namespace} on cluster ${cluster}`;
}

/** Where it is, for those who work on something else; what the title says of the default cluster is enough. */
export function renderWhere({ opening: { target } }: Pick<IncidentState, 'opening'>): Line[] {
  return target?.cluster === undefined ? [] : [{ text: `Affected: namespace ${nameTarget(target)}` }];
}

/** The recovery time target's clock: what stays true by itself first, then how far it has run. */
export function renderClock({ state, asOf }: IncidentShown): Line[] {
  const { declaredAt, mitigatedAt, resolvedAt } = state;
  const endsAt = declaredAt + RTO_MS;
  const declared = `Declared ${clockOf(declaredAt)}, 15 min are up at ${clockOf(endsAt)}.`;
  if (mitigatedAt !== undefined || resolvedAt !== undefined)
    return [...renderMitigated(state), ...renderResolved(state), { text: `Declared ${clockOf(declaredAt)}.` }];
  const ran = asOf - declaredAt;
  const isOver = ran > RTO_MS || state.marks.has(100);
  if (isOver)
    return [
      {
        text: `OVER THE 15 MIN TARGET since ${clockOf(endsAt)}: T+${countOf(ran)} (as of ${clockOf(asOf)})`,
        strong: true,
      },
      { text: declared },
    ];
  const mark = Math.max(0, ...state.marks);
  const used = mark === 0 ? '' : `; the ${mark} % mark has passed`;
  return [
    { text: declared },
    { text: `T+${countOf(ran)}, ${countOf(RTO_MS - ran)} left (as of ${clockOf(asOf)})${used}`, strong: mark >= 80 },
  ];
}

function renderMitigated({ mitigatedAt, mitigated, declaredAt }: IncidentState): Line[] {
  if (mitigatedAt === undefined) return [];
  const took = mitigatedAt - declaredAt;
  const judged = took <= RTO_MS ? 'within 15 min' : 'OVER the 15 min target';
  const by = mitigated === undefined ? '' : ` by ${renderActor(mitigated.by)}`;
  const how = mitigated?.text === undefined ? '' : `: ${mitigated.text}`;
  return [{ text: `Mitigated at T+${countOf(took)} (${judged}), ${clockOf(mitigatedAt)}${by}${how}`, strong: true }];
}

function renderResolved({ resolvedAt, resolved, declaredAt }: IncidentState): Line[] {
  if (resolvedAt === undefined) return [];
  const by = resolved === undefined ? '' : ` by ${renderActor(resolved.by)}`;
  const summary = resolved?.summary === undefined ? '' : `: ${resolved.summary}`;
  const took = formatDuration(resolvedAt - declaredAt);
  return [{ text: `Resolved after ${took}, at ${clockOf(resolvedAt)}${by}${summary}`, strong: true }];
}

/** The same for those who only wait for it to be over. */
export function renderSince({ declaredAt, mitigatedAt, resolvedAt, resolved }: IncidentState): string {
  const summary = resolved?.summary === undefined ? '.' : `: ${resolved.summary}`;
  if (resolvedAt !== undefined)
    return `Resolved at ${clockOf(resolvedAt)}, after ${formatDuration(resolvedAt - declaredAt)}${summary}`;
  if (mitigatedAt !== undefined)
    return `Mitigated at ${clockOf(mitigatedAt)}, after ${formatDuration(mitigatedAt - declaredAt)}.`;
  return `Since ${clockOf(declaredAt)}.`;
}
