import { type Account, entryOf } from '../account.ts';
import { ApiError } from '../api-error.ts';
import { listOnCalls, type OnCall } from '../on-calls.ts';
import { showOnCall, showPerson, showPolicy, showService } from '../show/show-account.ts';
import { type Operation, ok } from './operation.ts';
import { pageResults, readIncludes, readTime, valuesOf } from './page-results.ts';

const QUARTER_MS = 92 * 86_400_000;

/** Of each person at each level of each policy, the first turn only. */
function earliestOnly(turns: readonly OnCall[]): OnCall[] {
  const first = new Map<string, OnCall>();
  for (const turn of turns) {
    const key = `${turn.policy} ${turn.level} ${turn.user}`;
    const known = first.get(key);
    if (known === undefined || (turn.start ?? 0) < (known.start ?? 0)) first.set(key, turn);
  }
  return [...first.values()];
}

function findOnCalls(account: Account, query: URLSearchParams): OnCall[] {
  const since = readTime(query, 'since') ?? account.now();
  const until = readTime(query, 'until') ?? since;
  if (until < since || until - since > QUARTER_MS) throw new ApiError(400, 2005, 'Invalid Query Date Range');
  const [policies, users] = [valuesOf(query, 'escalation_policy_ids'), valuesOf(query, 'user_ids')];
  const schedules = valuesOf(query, 'schedule_ids');
  const found = listOnCalls(account, since, until).filter(
    ({ policy, user, schedule }) =>
      (policies.length === 0 || policies.includes(policy)) &&
      (users.length === 0 || users.includes(user)) &&
      (schedules.length === 0 || schedules.includes(schedule ?? '')),
  );
  return query.get('earliest') === 'true' ? earliestOnly(found) : found;
}

const listTurns: Operation = {
  method: 'GET',
  path: '/oncalls',
  run(account, { query }) {
    const includes = readIncludes(query, ['escalation_policies', 'users']);
    return ok(
      pageResults(query, 'oncalls', findOnCalls(account, query), (turn) => showOnCall(account, turn, includes)),
    );
  },
};

const USER_INCLUDES = ['contact_methods', 'notification_rules', 'teams'];

const listUsers: Operation = {
  method: 'GET',
  path: '/users',
  run(account, { query }) {
    const includes = readIncludes(query, USER_INCLUDES);
    const wanted = (query.get('query') ?? '').toLowerCase();
    const found = [...account.people.values()].filter(
      ({ name, email }) => name.toLowerCase().includes(wanted) || email.includes(wanted),
    );
    return ok(pageResults(query, 'users', found, (person) => showPerson(person, includes)));
  },
};

const getUser: Operation = {
  method: 'GET',
  path: '/users/{id}',
  run(account, { variables, query }) {
    const includes = readIncludes(query, USER_INCLUDES);
    return ok({ user: showPerson(entryOf(account.people, variables['id'] ?? ''), includes) });
  },
};

const POLICY_INCLUDES = ['services', 'teams', 'targets'];

const listPolicies: Operation = {
  method: 'GET',
  path: '/escalation_policies',
  run(account, { query }) {
    const includes = readIncludes(query, POLICY_INCLUDES);
    const wanted = (query.get('query') ?? '').toLowerCase();
    const users = valuesOf(query, 'user_ids');
    const found = [...account.policies.values()].filter(
      ({ name, levels }) =>
        name.toLowerCase().includes(wanted) &&
        (users.length === 0 || levels.some(({ targets }) => targets.some(({ id }) => users.includes(id)))),
    );
    return ok(pageResults(query, 'escalation_policies', found, (policy) => showPolicy(account, policy, includes)));
  },
};

const getPolicy: Operation = {
  method: 'GET',
  path: '/escalation_policies/{id}',
  run(account, { variables, query }) {
    const includes = readIncludes(query, POLICY_INCLUDES);
    const policy = entryOf(account.policies, variables['id'] ?? '');
    return ok({ escalation_policy: showPolicy(account, policy, includes) });
  },
};

const getService: Operation = {
  method: 'GET',
  path: '/services/{id}',
  run(account, { variables, query }) {
    const includes = readIncludes(query, ['escalation_policies', 'teams', 'integrations']);
    return ok({ service: showService(account, entryOf(account.services, variables['id'] ?? ''), includes) });
  },
};

export const PEOPLE_OPERATIONS = [listTurns, listUsers, getUser, listPolicies, getPolicy, getService];
