import { isObject, type JsonObject } from '../../slack/json.ts';
import { type Account, entryOf, hasKey } from '../account.ts';
import type { Incident, IncidentStatus } from '../account-types.ts';
import { ApiError, invalidInput } from '../api-error.ts';
import type { Act } from '../change-incident.ts';
import { showIncident } from '../show/show-incident.ts';
import { triggerIncident } from '../trigger-incident.ts';
import { type Operation, ok, type Request } from './operation.ts';
import { pageResults, readIncludes, readTime, valuesOf } from './page-results.ts';
import {
  needText,
  readBridge,
  readChoice,
  readDetails,
  readPeople,
  readPolicy,
  readPriority,
  readText,
  readUrgency,
  readWrapped,
  serviceOf,
} from './read-incident.ts';
import { updateIncident } from './update-incident.ts';

const MONTH_MS = 30 * 86_400_000;
const STATUSES: readonly IncidentStatus[] = ['triggered', 'acknowledged', 'resolved'];

/** In the name of whoever `From` says. */
export function actOf({ requester }: Request): Act {
  if (requester === undefined) throw new ApiError(400, 1008, 'Requester User Not Found');
  return { agent: { type: 'user', id: requester.id }, client: undefined };
}

const createIncident: Operation = {
  method: 'POST',
  path: '/incidents',
  from: true,
  run(account, request) {
    const fields = readWrapped(request.body, 'incident');
    if (readChoice(fields, 'type', ['incident']) === undefined) throw invalidInput('type cannot be blank');
    const [people, policy] = [readPeople(account, fields), readPolicy(account, fields)];
    if (people !== undefined && policy !== undefined)
      throw invalidInput('assignments cannot be specified if an escalation policy is given');
    const incident = triggerIncident(account, {
      title: needText(fields, 'title'),
      service: serviceOf(account, fields),
      key: readText(fields, 'incident_key') || undefined,
      urgency: readUrgency(fields),
      policy,
      people,
      priority: readPriority(account, fields),
      bridge: readBridge(fields),
      details: readDetails(fields),
      ...actOf(request),
    });
    return { status: 201, body: { incident: showIncident(account, incident) } };
  },
};

function readStatuses(query: URLSearchParams): string[] {
  const statuses = valuesOf(query, 'statuses');
  if (statuses.some((status) => !STATUSES.some((known) => known === status)))
    throw invalidInput('Status must be a list of triggered, acknowledged, or resolved.');
  return statuses;
}

/** Of the last month, unless the request says otherwise. */
function isWithin({ query }: Request, account: Account, { createdAt }: Incident): boolean {
  if (query.get('date_range') === 'all') return true;
  const until = readTime(query, 'until') ?? account.now();
  const since = readTime(query, 'since') ?? until - MONTH_MS;
  if (since > until) throw new ApiError(400, 2005, 'Invalid Query Date Range');
  return createdAt >= since && createdAt <= until;
}

function sortIncidents(query: URLSearchParams, found: Incident[]): Incident[] {
  const by = query.get('sort_by') ?? 'incident_number:asc';
  const [, field, direction = 'asc'] = /^(incident_number|created_at)(?::(asc|desc))?$/.exec(by) ?? [];
  if (field === undefined) throw invalidInput('sort_by must be incident_number or created_at, with :asc or :desc');
  // Numbers are given in the order of creation.
  return found.toSorted((one, other) => (direction === 'asc' ? one.number - other.number : other.number - one.number));
}

const listIncidents: Operation = {
  method: 'GET',
  path: '/incidents',
  run(account, request) {
    const { query } = request;
    readIncludes(query, []);
    const statuses = readStatuses(query);
    const services = valuesOf(query, 'service_ids');
    const [urgencies, users] = [valuesOf(query, 'urgencies'), valuesOf(query, 'user_ids')];
    const key = query.get('incident_key');
    const found = [...account.incidents.values()].filter(
      (incident) =>
        (key === null || hasKey(incident, key)) &&
        (statuses.length === 0 || statuses.includes(incident.status)) &&
        (services.length === 0 || services.includes(incident.service)) &&
        (urgencies.length === 0 || urgencies.includes(incident.urgency)) &&
        (users.length === 0 || incident.assignments.some(({ user }) => users.includes(user))) &&
        isWithin(request, account, incident),
    );
    return ok(pageResults(query, 'incidents', sortIncidents(query, found), (each) => showIncident(account, each)));
  },
};

const getIncident: Operation = {
  method: 'GET',
  path: '/incidents/{id}',
  run(account, { variables, query }) {
    readIncludes(query, []);
    return ok({ incident: showIncident(account, entryOf(account.incidents, variables['id'] ?? '')) });
  },
};

const putIncident: Operation = {
  method: 'PUT',
  path: '/incidents/{id}',
  from: true,
  run(account, request) {
    const incident = entryOf(account.incidents, request.variables['id'] ?? '');
    updateIncident(account, incident, readWrapped(request.body, 'incident'), actOf(request));
    return ok({ incident: showIncident(account, incident) });
  },
};

const MOST_AT_ONCE = 250;

function readMany(request: Request): JsonObject[] {
  const list = isObject(request.body) ? request.body['incidents'] : undefined;
  if (!Array.isArray(list)) throw new ApiError(400, 2003, 'Missing Arguments', ['incidents is required']);
  if (list.length > MOST_AT_ONCE)
    throw new ApiError(413, 2015, 'Invalid operation', [`at most ${MOST_AT_ONCE} incidents`]);
  return list.map((each) => {
    if (!isObject(each)) throw invalidInput('incidents must be a list of objects');
    return each;
  });
}

const putIncidents: Operation = {
  method: 'PUT',
  path: '/incidents',
  from: true,
  run(account, request) {
    const wanted = readMany(request).map((fields) => ({
      fields,
      incident: entryOf(account.incidents, needText(fields, 'id')),
    }));
    for (const { incident, fields } of wanted) updateIncident(account, incident, fields, actOf(request));
    const limit = Math.max(1, wanted.length);
    const incidents = wanted.map(({ incident }) => showIncident(account, incident));
    return ok({ incidents, limit, offset: 0, more: false, total: null });
  },
};

export const INCIDENT_OPERATIONS = [createIncident, listIncidents, getIncident, putIncident, putIncidents];
