import { defineCommand } from '../src/contracts.ts';
import { type Routed, routeAlert } from '../src/domain/route-alert.ts';
import { type CheckedRouting, DEFAULT_ROUTE, listRoutes, type Routing } from '../src/domain/routing.ts';
import { DrError } from '../src/errors.ts';

export const command = defineCommand({
  name: 'routing check',
  summary:
    'Checks the routing of alerts: each problem with its line, column and what to write instead; or where an alert would go.',
  details: [
    'Nothing is loaded or started. With labels of an alert it says which route takes it, and what its incident would begin with.',
    'In Slack only the file that is loaded is checked.',
  ],
  arguments: [{ name: 'labels', help: 'Labels of an alert, such as namespace=shop severity=critical.', many: true }],
  options: { file: { type: 'text', help: 'In the terminal: the file to check; without it, the one of ROUTING_FILE.' } },
  examples: ['routing check', 'routing check --file routing.yaml', 'routing check namespace=shop severity=critical'],

  async handle({ rest, options: { file } }, { actor, incidents }) {
    if (file !== undefined && actor.kind !== 'terminal') throw invalid('A file is checked in the terminal only.');
    const labels = readLabels(rest);
    const checked = await incidents.checkRouting(file);
    if (checked !== undefined && checked.problems.length > 0) {
      const { problems } = checked;
      const end = `It cannot be used: ${problems.length} problem${problems.length === 1 ? '' : 's'}.`;
      return { ok: false, lines: [...problems, end], data: { file: checked.file, problems } };
    }
    const routed = rest.length === 0 ? undefined : routeLabels(labels, checked?.routing);
    const lines = [describeFile(checked), ...(routed === undefined ? [] : describeRouted(routed))];
    const data = {
      file: checked?.file ?? null,
      problems: [],
      ...(routed === undefined ? {} : { routed: { ...routed } }),
    };
    return { ok: true, lines, data: JSON.parse(JSON.stringify(data)) };
  },
});

function invalid(message: string): DrError {
  const action = 'Write it as: dr routing check namespace=shop severity=critical';
  return new DrError({ code: 'COMMAND_INVALID', message, action });
}

function readLabels(words: readonly string[]): Record<string, string> {
  const pairs = words.map((word) => {
    const [, label, value] = /^([^=]+)=(.*)$/.exec(word) ?? [];
    if (label === undefined || value === undefined) throw invalid(`"${word}" is no label with a value.`);
    return [label, value] as const;
  });
  return Object.fromEntries(pairs);
}

/** `alertname` and `alert_source` are labels of every alert, whatever sent it. */
function routeLabels(labels: Record<string, string>, routing: Routing | undefined): Routed {
  const { alertname: name = 'Sample', alert_source: source = 'alertmanager', ...rest } = labels;
  const alert = {
    ...{ source, name, labels: rest, summary: name },
    fingerprint: '',
    startsAt: 0,
    status: 'firing' as const,
  };
  return routeAlert(alert, routing);
}

function describeFile(checked: CheckedRouting | undefined): string {
  if (checked === undefined) return 'No file is named in ROUTING_FILE: every alert takes the default route.';
  const routes = listRoutes(checked.routing).map(({ name }) => name);
  return `${checked.file} ok: ${routes.join(', ')}`;
}

function describeRouted({ route, declares, severity, domain, page, ...more }: Routed): string[] {
  const { service, target, runbook, invite, tell } = more;
  const paged = page === undefined ? 'nobody' : (page.escalationPolicy ?? "whoever is on call for PagerDuty's service");
  const place = target === undefined ? undefined : [target.cluster, target.namespace].filter(Boolean).join('/');
  const rows: [string, string | undefined][] = [
    ['route', route === DEFAULT_ROUTE ? `${route} (no route of the file matches)` : route],
    ['declares', declares ? `an incident of ${severity}` : 'nothing: it only joins an incident of its failure domain'],
    ['failure domain', domain],
    ['service', service],
    ['target', place],
    ['runbook', runbook],
    ['pages', declares ? paged : undefined],
    ['invites', invite.join(', ')],
    ['tells', tell.join(', ')],
  ];
  return rows.flatMap(([name, value]) => (value ? [`  ${name}: ${value}`] : []));
}
