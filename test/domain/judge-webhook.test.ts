import { expect, test } from 'vitest';
import { judgeWebhook, refusedBy } from '../../src/domain/judge-webhook.ts';
import { Webhook } from '../../src/domain/kinds-admission.ts';

const service = { namespace: 'linkerd', name: 'injector' };
const rule = (resources: string[], more: object = {}) => ({
  ...{ apiGroups: [''], operations: ['CREATE'], resources },
  ...more,
});
const webhook = (rules: object[], more: object = {}) =>
  Webhook.parse({ name: 'w', clientConfig: { service }, rules, ...more });

const LIVE = { name: 'shop', labels: { team: 'a' } };
const ABSENT = { name: 'shop', labels: undefined };

test.each<[string, Webhook, string[] | undefined]>([
  ['pods', webhook([rule(['pods'])]), ['pods']],
  ['pods and their subresources', webhook([rule(['pods/*'])]), ['pods']],
  ['a subresource only', webhook([rule(['pods/exec'])]), undefined],
  ['another group', webhook([rule(['pods'], { apiGroups: ['apps'] })]), undefined],
  ['deployments of every group', webhook([rule(['deployments'], { apiGroups: ['*'] })]), ['deployments.apps']],
  ['updates only', webhook([rule(['pods'], { operations: ['UPDATE', 'DELETE'] })]), undefined],
  ['every operation', webhook([rule(['pods'], { operations: ['*'] })]), ['pods']],
  ['cluster-scoped objects only', webhook([rule(['*'], { scope: 'Cluster' })]), undefined],
  ['failurePolicy Ignore', webhook([rule(['pods'])], { failurePolicy: 'Ignore' }), undefined],
  ['no rules', webhook([]), undefined],
  ['another team', webhook([rule(['pods'])], { namespaceSelector: { matchLabels: { team: 'b' } } }), undefined],
  ['labelled objects only', webhook([rule(['pods'])], { objectSelector: { matchLabels: { x: 'y' } } }), ['pods']],
  ['cluster-scoped kinds', webhook([rule(['namespaces', 'nodes'])]), undefined],
])('in a namespace that exists, a webhook for %s refuses %j', (_what, it, expected) => {
  expect(refusedBy(it, LIVE)?.ordinary).toEqual(expected);
});

test('in an absent namespace all selectors may match, but for its name; and the namespace itself is created', () => {
  const namespaceSelector = { matchLabels: { team: 'b' } };
  expect(refusedBy(webhook([rule(['pods'])], { namespaceSelector }), ABSENT)?.ordinary).toEqual(['pods']);
  const other = { matchLabels: { 'kubernetes.io/metadata.name': 'other' } };
  expect(refusedBy(webhook([rule(['pods'])], { namespaceSelector: other }), ABSENT)).toBeUndefined();
  expect(refusedBy(webhook([rule(['namespaces'])]), ABSENT)?.ordinary).toEqual(['namespaces']);
});

test('custom resources count only should the backup hold any', () => {
  const custom = webhook([rule(['certificates'], { apiGroups: ['cert-manager.io'] })]);
  const refused = refusedBy(custom, LIVE);
  expect(refused).toEqual({ ordinary: [], custom: ['certificates.cert-manager.io'] });
  expect(refused && judgeWebhook(custom, refused, false)).toEqual({
    name: 'admission',
    verdict: 'unchecked',
    detail:
      'webhook w would refuse certificates.cert-manager.io, should the backup hold any: its service linkerd/injector has no ready endpoint',
  });
});

const REFUSED = { ordinary: ['pods', 'services', 'secrets', 'configmaps'], custom: [] };

test.each<[string, Webhook, boolean | string, string | undefined]>([
  ['ready', webhook([]), true, undefined],
  [
    'not ready',
    webhook([]),
    false,
    'fail: webhook w would refuse objects: its service linkerd/injector has no ready endpoint (pods, services, secrets and 1 more)',
  ],
  [
    'not ready, with conditions',
    webhook([], { matchConditions: [{ name: 'c', expression: 'true' }] }),
    false,
    'unchecked: webhook w would refuse objects that meet its matchConditions: its service linkerd/injector has no ready endpoint (pods, services, secrets and 1 more)',
  ],
  [
    'not seen',
    webhook([]),
    'endpointslices could not be looked at.',
    'unchecked: webhook w (pods, services, secrets and 1 more): endpointslices could not be looked at.',
  ],
  [
    'behind a URL',
    webhook([], { clientConfig: { url: 'https://a.example' } }),
    true,
    'unchecked: webhook w (pods, services, secrets and 1 more) is called by URL; whether it answers is not checked',
  ],
])('a webhook that is %s', (_how, it, backing, expected) => {
  const check = judgeWebhook(it, REFUSED, backing);
  expect(check && `${check.verdict}: ${check.detail}`).toBe(expected);
});
