import type { RightAsked } from '../domain/rights.ts';
import { type Call, errorFromBody, isRecord } from './kubernetes-errors.ts';
import { type Api, parseBody } from './kubernetes-objects.ts';

const PATH = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';

/** Asks the API server whether it would let us; every authenticated identity may ask. */
export async function askRight(
  { cluster, ask }: Api,
  { verb, group, resource, name, namespace }: RightAsked,
  signal: AbortSignal,
): Promise<boolean> {
  const call: Call = {
    cluster,
    verb: 'create',
    resource: 'selfsubjectaccessreviews',
    group: 'authorization.k8s.io',
  };
  const [plural, subresource] = resource.split('/');
  const resourceAttributes = { verb, group, resource: plural, subresource, name, namespace };
  const body = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes },
  };
  const { status } = parseBody(call, await ask(call, { method: 'POST', path: PATH, body }, signal));
  if (!isRecord(status) || typeof status['allowed'] !== 'boolean') throw errorFromBody(call, 'status.allowed: missing');
  return status['allowed'];
}

/** The date that the API server put on an answer. */
export async function askTime({ cluster, ask }: Api, signal: AbortSignal): Promise<number | undefined> {
  const call: Call = { cluster, verb: 'get', resource: '/version', group: '' };
  const answer = await ask(call, { method: 'GET', path: '/version' }, signal);
  parseBody(call, answer);
  const time = Date.parse(answer.date ?? '');
  return Number.isNaN(time) ? undefined : time;
}
