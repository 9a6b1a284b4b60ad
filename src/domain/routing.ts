import { z } from 'zod';
import { Severity } from './incident-events.ts';
import { addProblems, type Problem } from './problem.ts';
import { didYouMean } from './suggest.ts';

/** The routing file: where alerts go. docs/route-alerts.md explains it; docs/schema/routing.schema.json is made from it. */

/** What is done without a file, and with an alert that no route matches. */
export const DEFAULT_ROUTE = 'default';

const NOT_EMPTY = 'must not be empty';
const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const WHOM = 'must be true, false, or the id of a PagerDuty escalation policy such as PABC123';
const Label = z.string().min(1, NOT_EMPTY);
const SeverityOrNone = z.enum([...Severity.options, 'none']);

const SeverityFrom = z.strictObject({
  label: Label.describe('The label that says how bad it is.'),
  map: z.record(z.string(), SeverityOrNone).describe('Its values, and what each means. none: it does not declare.'),
  otherwise: SeverityOrNone.default('sev2').describe('What any other value means, and no such label.'),
});

/** Our own words for it mean themselves. What does not say how bad it is might be the worst: it declares, and somebody is paged. */
const USUAL_SEVERITY: z.infer<typeof SeverityFrom> = {
  label: 'severity',
  map: {
    ...Object.fromEntries(Severity.options.map((severity) => [severity, severity])),
    ...{ critical: 'sev1', page: 'sev1', error: 'sev2', high: 'sev2', warning: 'sev3' },
    ...{ info: 'none', none: 'none' },
  },
  otherwise: 'sev2',
};

const Route = z.strictObject({
  name: z.string().regex(NAME, 'must be lower-case words joined by "-"').describe('Part of the failure domain.'),
  match: z
    .record(Label, z.string())
    .default({})
    .describe('Labels and their values, all of which must fit; "*" stands for any characters. Left out: every alert.'),
  declare: z.boolean().default(true).describe('Whether an alert may declare an incident.'),
  severity: Severity.optional().describe('The incident begins with this severity.'),
  severityFrom: SeverityFrom.optional().describe(
    'Or with what a label says. Left out: what the label "severity" says.',
  ),
  service: Label.default('service').describe('The label that names the service.'),
  target: z
    .strictObject({ cluster: Label.default('cluster'), namespace: Label.default('namespace') })
    .default({ cluster: 'cluster', namespace: 'namespace' })
    .describe('The labels that name what is broken: its cluster (a kubeconfig context) and its namespace.'),
  domain: z
    .array(Label)
    .min(1, NOT_EMPTY)
    .default(['cluster', 'namespace'])
    .describe('The labels that make a failure domain: alerts with the same values belong to one incident.'),
  runbook: z.string().optional().describe('The runbook that is proposed.'),
  page: z
    .union([z.boolean(), z.string().regex(/^[PQ][A-Z0-9]{3,}$/, WHOM)], {
      error: WHOM,
    })
    .optional()
    .describe(
      "Whom to page: nobody (false), the service's own escalation policy (true), or this one. Left out: sev1 and sev2 page.",
    ),
  invite: z
    .array(z.string().regex(/^[UWS][A-Z0-9]{2,}$/, 'must be the Slack id of a member (U...) or a user group (S...)'))
    .default([])
    .describe('Who is called into the room, by Slack id.'),
  tell: z
    .array(z.string().regex(/^(#?[a-z0-9_-]{1,80}|[CG][A-Z0-9]{2,})$/, 'must be a channel, by id or name'))
    .default([])
    .describe('Channels that are told, beside the incidents channel.'),
});
export type Route = z.infer<typeof Route>;

export const Routing = z
  .strictObject({ routes: z.array(Route).min(1, NOT_EMPTY).describe('The first that matches an alert counts.') })
  .superRefine((value, context) => addProblems(context, findProblems(value)), { when: () => true });
export type Routing = z.infer<typeof Routing>;

/** What became of a file. */
export interface CheckedRouting {
  file: string;
  /** undefined where it has problems. */
  routing: Routing | undefined;
  problems: string[];
}

/** The one route there is without a file, and the last of every file. */
const USUAL: Route = { ...Route.parse({ name: 'usual' }), name: DEFAULT_ROUTE };

/** The routes in the order in which they are asked, with what is done where none matches. */
export function listRoutes(routing: Routing | undefined): Route[] {
  return [...(routing?.routes ?? []), USUAL];
}

/** What the label says; `none`: it declares nothing. */
export function severityOf({ severity, severityFrom = USUAL_SEVERITY }: Route, labels: Record<string, string>) {
  if (severity !== undefined) return severity;
  const value = labelValue(labels, severityFrom.label)?.toLowerCase() ?? '';
  const found = Object.entries(severityFrom.map).find(([key]) => key.toLowerCase() === value);
  return found?.[1] ?? severityFrom.otherwise;
}

/** A label's value; undefined where there is none, or it is empty. */
export function labelValue(labels: Record<string, string>, label: string): string | undefined {
  return Object.hasOwn(labels, label) && labels[label] !== '' ? labels[label] : undefined;
}

/** What only the loaded runbooks tell. */
export function checkRouteRunbooks({ routes }: Routing, runbooks: readonly string[]): Problem[] {
  return routes.flatMap(({ runbook }, index): Problem[] => {
    if (runbook === undefined || runbooks.includes(runbook)) return [];
    const message = `there is no runbook "${runbook}"`;
    return [{ path: ['routes', index, 'runbook'], at: 'value', message, suggestion: didYouMean(runbook, runbooks) }];
  });
}

/** Also called for what is no routing yet, so that all problems show at once. */
function findProblems(raw: unknown): Problem[] {
  const Loose = z.looseObject({
    name: z.unknown(),
    match: z.record(z.string(), z.unknown()).optional().catch({ '': '' }),
  });
  const parsed = z.object({ routes: z.array(Loose.catch({ name: undefined, match: { '': '' } })) }).safeParse(raw);
  if (!parsed.success) return [];
  const { routes } = parsed.data;
  const problems: Problem[] = [];
  const add = (path: (string | number)[], at: Problem['at'], message: string, suggestion?: string) =>
    void problems.push({ path: ['routes', ...path], at, message, suggestion });
  const catchAll = routes.findIndex(({ match = {} }) => Object.keys(match).length === 0);
  for (const [index, route] of routes.entries()) {
    const { name } = route;
    if (name === DEFAULT_ROUTE)
      add([index, 'name'], 'value', `"${name}" is what is done without a route; choose another`);
    if (typeof name === 'string' && routes.findIndex((other) => other.name === name) < index)
      add([index, 'name'], 'value', `there is a route "${name}" already; choose another`);
    if (route['severity'] !== undefined && route['severityFrom'] !== undefined)
      add([index, 'severityFrom'], 'key', '"severity" says it already', 'take one of them out');
    if (catchAll >= 0 && index === catchAll + 1)
      add([index], 'value', 'no alert comes here: the route above matches every alert', 'move that one to the end');
  }
  return problems;
}
