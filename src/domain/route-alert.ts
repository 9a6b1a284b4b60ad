import { createHash } from 'node:crypto';
import type { Alert } from './alert.ts';
import type { Opening, Severity } from './incident-events.ts';
import { explainLabel } from './names.ts';
import { labelValue, listRoutes, type Route, type Routing, severityOf } from './routing.ts';

/** Where an alert goes, and what its incident would begin with. */
export interface Routed extends Pick<Opening, 'service' | 'target' | 'runbook' | 'page' | 'invite' | 'tell'> {
  route: string;
  /** Whether it may declare an incident. */
  declares: boolean;
  severity: Severity;
  /** The failure domain. */
  domain: string;
}

/** The first route that matches, applied. Labels of alerts are untrusted: a target that is no namespace is none. */
export function routeAlert(alert: Alert, routing: Routing | undefined): Routed {
  const labels = labelsOf(alert);
  const route = listRoutes(routing).find(({ match }) => matches(match, labels)) as Route;
  const severity = severityOf(route, labels);
  const service = labelValue(labels, route.service);
  const namespace = labelValue(labels, route.target.namespace);
  const cluster = labelValue(labels, route.target.cluster);
  const page = pageOf(route, severity);
  return {
    ...{
      route: route.name,
      declares: route.declare && severity !== 'none',
      severity: severity === 'none' ? 'sev4' : severity,
    },
    domain: domainOf(route, alert, labels, service),
    ...(service === undefined ? {} : { service }),
    ...(namespace === undefined || explainLabel(namespace) !== undefined
      ? {}
      : { target: { ...(cluster === undefined ? {} : { cluster }), namespace } }),
    ...(route.runbook === undefined ? {} : { runbook: route.runbook }),
    ...(page === undefined ? {} : { page }),
    ...{ invite: route.invite, tell: route.tell },
  };
}

/** Every alert has two labels more, whatever sent it: its name, and its source. */
export function labelsOf({ name, source, labels }: Pick<Alert, 'name' | 'source' | 'labels'>): Record<string, string> {
  return { alertname: name, ...labels, alert_source: source };
}

function matches(match: Route['match'], labels: Record<string, string>): boolean {
  return Object.entries(match).every(([label, pattern]) => {
    const value = labelValue(labels, label);
    return value !== undefined && fits(pattern, value);
  });
}

/** Takes as long as the value is, whatever the pattern. */
function fits(pattern: string, value: string): boolean {
  const [first = '', ...parts] = pattern.split('*');
  const last = parts.pop();
  if (last === undefined) return value === pattern;
  if (!value.startsWith(first) || !value.slice(first.length).endsWith(last)) return false;
  const end = value.length - last.length;
  let at = first.length;
  for (const part of parts) {
    const found = value.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}

function pageOf({ page }: Route, severity: Severity | 'none'): Opening['page'] {
  if (typeof page === 'string') return { escalationPolicy: page };
  return (page ?? (severity === 'sev1' || severity === 'sev2')) ? {} : undefined;
}

/** What fails together: the route and the values of its labels; without any of them what tells most, but never "everything". */
function domainOf(route: Route, alert: Alert, labels: Record<string, string>, service: string | undefined): string {
  const values = route.domain.flatMap((label) => {
    const value = labelValue(labels, label);
    return value === undefined ? [] : [[label, value] as const];
  });
  const [first] = [
    ...(values.length > 0 ? [values] : []),
    ...(service === undefined ? [] : [[['service', service] as const]]),
    ...(alert.groupKey === undefined ? [] : [[['group', alert.groupKey] as const]]),
    [['alert', alert.name] as const],
  ];
  const parts = (first ?? []).map(([label, value]) => `${shorten(label)}=${shorten(value)}`);
  return [route.name, ...parts].join('/');
}

/** A long or odd value becomes its hash: the domain is a key, and is shown. */
function shorten(value: string): string {
  if (/^[\w.:@-]{1,80}$/.test(value)) return value;
  return `${value.replace(/[^\w.:@-]+/g, '-').slice(0, 40)}~${createHash('sha256').update(value).digest('hex').slice(0, 12)}`;
}
