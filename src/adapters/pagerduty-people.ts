import { z } from 'zod';
import type { OnCall, Pager } from '../incident-ports.ts';
import { type PagerRequests, readAnswer } from './pagerduty-request.ts';

const User = z.object({
  id: z.string(),
  name: z.string().nullish(),
  summary: z.string().nullish(),
  email: z.string().nullish(),
});
/** Schedule, start and end are null for whoever is always on call; none of them is of use here. */
const OnCalls = z.object({
  oncalls: z.array(z.object({ escalation_level: z.number(), user: User })),
  more: z.boolean().nullish(),
});
const Users = z.object({ users: z.array(User) });
const Policy = z.object({ id: z.string(), name: z.string().nullish(), summary: z.string().nullish() });
const Policies = z.object({ escalation_policies: z.array(Policy) });
const OneUser = z.object({ user: User });
const OnePolicy = z.object({ escalation_policy: Policy });
const Service = z.object({ service: z.object({ escalation_policy: z.object({ id: z.string() }) }) });

const PAGE = 100;
const MOST_PAGES = 10;

type Found = Awaited<ReturnType<Pager['search']>>[number];
type User = z.infer<typeof User>;

/** @throws DrError as Pager does */
export async function policyOf(requests: PagerRequests, service: string, signal: AbortSignal): Promise<string> {
  const path = `/services/${encodeURIComponent(service)}`;
  return (await requests.read(Service, { method: 'GET', path }, signal)).service.escalation_policy.id;
}

/** Everybody who is on call for the policy now, each once a level. */
export async function listOnCall(requests: PagerRequests, policy: string, signal: AbortSignal): Promise<OnCall[]> {
  const found = new Map<string, OnCall>();
  for (let page = 0, more = true; more && page < MOST_PAGES; page += 1) {
    const query = {
      ...{ 'escalation_policy_ids[]': [policy], 'include[]': ['users'] },
      ...{ limit: String(PAGE), offset: String(page * PAGE) },
    };
    const answer = await requests.read(OnCalls, { method: 'GET', path: '/oncalls', query }, signal);
    for (const { escalation_level: level, user } of answer.oncalls) {
      const { kind: _kind, ...person } = describeUser(user);
      found.set(`${level} ${user.id}`, { ...person, level });
    }
    more = answer.more === true;
  }
  return [...found.values()].sort((one, other) => one.level - other.level);
}

/** By id, or else by name and address: those that are exactly so, or else those that are alike. */
export async function searchPeople(requests: PagerRequests, who: string, signal: AbortSignal): Promise<Found[]> {
  const wanted = who.trim();
  if (wanted === '') return [];
  const [ofId, alike] = await Promise.all([findById(requests, wanted, signal), listAlike(requests, wanted, signal)]);
  if (ofId.length > 0) return ofId;
  const same = (text: string | undefined) => text?.toLowerCase() === wanted.toLowerCase();
  const exact = alike.filter(({ name, email }) => same(name) || same(email));
  return exact.length > 0 ? exact : alike;
}

/** Whether a user has exactly this address. */
export async function knowsEmail(requests: PagerRequests, email: string, signal: AbortSignal): Promise<boolean> {
  const query = { query: email, limit: String(PAGE) };
  const { users } = await requests.read(Users, { method: 'GET', path: '/users', query }, signal);
  return users.some((user) => user.email?.toLowerCase() === email.toLowerCase());
}

/** Whether there is an escalation policy with this id. */
export async function knowsPolicy(requests: PagerRequests, policy: string, signal: AbortSignal): Promise<boolean> {
  return (await readIfThere(requests, OnePolicy, `/escalation_policies/${policy}`, signal)).length > 0;
}

async function listAlike(requests: PagerRequests, query: string, signal: AbortSignal): Promise<Found[]> {
  const by = { query, limit: String(PAGE) };
  const [{ users }, { escalation_policies: policies }] = await Promise.all([
    requests.read(Users, { method: 'GET', path: '/users', query: by }, signal),
    requests.read(Policies, { method: 'GET', path: '/escalation_policies', query: by }, signal),
  ]);
  return [...users.map(describeUser), ...policies.map(describePolicy)];
}

async function findById(requests: PagerRequests, id: string, signal: AbortSignal): Promise<Found[]> {
  if (!/^[A-Z0-9]{6,20}$/.test(id)) return [];
  const [users, policies] = await Promise.all([
    readIfThere(requests, OneUser, `/users/${id}`, signal),
    readIfThere(requests, OnePolicy, `/escalation_policies/${id}`, signal),
  ]);
  return [
    ...users.map(({ user }) => describeUser(user)),
    ...policies.map(({ escalation_policy }) => describePolicy(escalation_policy)),
  ];
}

async function readIfThere<T>(
  requests: PagerRequests,
  schema: z.ZodType<T>,
  path: string,
  signal: AbortSignal,
): Promise<T[]> {
  const question = { method: 'GET', path } as const;
  const answer = await requests.ask(question, signal);
  return answer.status === 404 ? [] : [readAnswer(schema, question, answer)];
}

function describeUser({ id, name, summary, email }: User): Found & { kind: 'user' } {
  return { id, kind: 'user', name: name ?? summary ?? id, ...(email == null ? {} : { email }) };
}

function describePolicy({ id, name, summary }: z.infer<typeof Policy>): Found {
  return { id, kind: 'escalation_policy', name: name ?? summary ?? id };
}
