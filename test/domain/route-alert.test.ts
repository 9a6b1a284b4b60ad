import { describe, expect, test } from 'vitest';
import type { Alert } from '../../src/domain/alert.ts';
import { routeAlert } from '../../src/domain/route-alert.ts';
import { Routing } from '../../src/domain/routing.ts';

const alertOf = (labels: Record<string, string>, more: Partial<Alert> = {}): Alert => ({
  ...{ source: 'alertmanager', fingerprint: 'f', status: 'firing', name: 'CheckoutDown', summary: 's', startsAt: 1 },
  ...{ labels, ...more },
});
const route = (labels: Record<string, string>, routes?: object[], more?: Partial<Alert>) =>
  routeAlert(alertOf(labels, more), routes === undefined ? undefined : Routing.parse({ routes }));

describe('without a route', () => {
  test.each([
    ['critical', true, 'sev1', true],
    ['Page', true, 'sev1', true],
    ['error', true, 'sev2', true],
    ['high', true, 'sev2', true],
    ['warning', true, 'sev3', false],
    ['info', false, 'sev4', false],
    ['none', false, 'sev4', false],
    ['P0!', true, 'sev2', true],
    [undefined, true, 'sev2', true],
  ])('severity %s: declares %s, %s, pages %s', (severity, declares, becomes, pages) => {
    const routed = route(severity === undefined ? {} : { severity });
    expect([routed.declares, routed.severity, routed.page !== undefined]).toEqual([declares, becomes, pages]);
    expect(routed.route).toBe('default');
  });

  test.each([
    [{ cluster: 'prod', namespace: 'shop', service: 's' }, {}, 'default/cluster=prod/namespace=shop'],
    [{ namespace: 'shop' }, {}, 'default/namespace=shop'],
    [{ service: 'checkout', namespace: '' }, {}, 'default/service=checkout'],
    [{}, { groupKey: 'g1' }, 'default/group=g1'],
    [{}, {}, 'default/alert=CheckoutDown'],
    [{ namespace: 'a/b=c' }, {}, expect.stringMatching(/^default\/namespace=a-b-c~[0-9a-f]{12}$/)],
    [{ namespace: 'x'.repeat(300) }, {}, expect.stringMatching(/^default\/namespace=x{40}~[0-9a-f]{12}$/)],
  ])('the failure domain of %j', (labels, more, domain) => {
    expect(route(labels, undefined, more).domain).toEqual(domain);
  });

  test('what is broken is a namespace, or nothing', () => {
    expect(route({ cluster: 'prod', namespace: 'shop' }).target).toEqual({ cluster: 'prod', namespace: 'shop' });
    expect(route({ namespace: 'shop' }).target).toEqual({ namespace: 'shop' });
    for (const namespace of ['', 'Shop', 'a b', '../etc', 'x'.repeat(64)])
      expect(route({ namespace }).target).toBeUndefined();
  });
});

describe('with routes', () => {
  test('the first that matches counts, else the default', () => {
    const routes = [
      { name: 'one', match: { namespace: 'shop', severity: 'critical' }, severity: 'sev3' },
      { name: 'two', match: { namespace: 'shop' }, declare: false },
    ];
    expect(route({ namespace: 'shop', severity: 'critical' }, routes)).toMatchObject({
      route: 'one',
      severity: 'sev3',
    });
    expect(route({ namespace: 'shop', severity: 'critical' }, routes).page).toBeUndefined();
    expect(route({ namespace: 'shop' }, routes)).toMatchObject({ route: 'two', declares: false });
    expect(route({ namespace: 'other' }, routes)).toMatchObject({ route: 'default', declares: true });
  });

  test.each([
    ['shop', 'shop', true],
    ['shop', 'shop2', false],
    ['shop-*', 'shop-eu', true],
    ['shop-*', 'my-shop-eu', false],
    ['*-eu', 'shop-eu', true],
    ['*', 'x', true],
    ['*', '', false],
    ['a*b*c', 'a--b--c', true],
    ['a*b*c', 'acb', false],
    ['ab*ba', 'aba', false],
    ['a**c', 'ac', true],
    ['.*', 'x', false],
    [`${'*a'.repeat(50)}b`, 'a'.repeat(300), false],
  ])('%s on %s: %s', (pattern, value, matches) => {
    expect(route({ label: value }, [{ name: 'it', match: { label: pattern } }]).route === 'it').toBe(matches);
  });

  test('the name of the alert and its source can be matched on, and cannot be forged by a label', () => {
    const routes = [{ name: 'it', match: { alertname: 'Checkout*', alert_source: 'generic' } }];
    expect(route({}, routes, { source: 'generic' }).route).toBe('it');
    expect(route({ alert_source: 'generic' }, routes).route).toBe('default');
  });

  test('severity by a map, and what a route sets', () => {
    const one = {
      ...{ name: 'it', severityFrom: { label: 'tier', map: { gold: 'sev1', tin: 'none' }, otherwise: 'sev4' } },
      ...{
        service: 'app',
        target: { cluster: 'c', namespace: 'ns' },
        domain: ['app', 'region'],
        runbook: 'restore-namespace',
      },
      ...{ page: 'PABC123', invite: ['U0LEAD001'], tell: ['C0DATA001'] },
    };
    expect(route({ tier: 'GOLD', app: 'a', c: 'prod', ns: 'shop', region: 'eu' }, [one])).toEqual({
      ...{
        route: 'it',
        declares: true,
        severity: 'sev1',
        service: 'a',
        target: { cluster: 'prod', namespace: 'shop' },
      },
      ...{ domain: 'it/app=a/region=eu', runbook: 'restore-namespace', page: { escalationPolicy: 'PABC123' } },
      ...{ invite: ['U0LEAD001'], tell: ['C0DATA001'] },
    });
    expect(route({ tier: 'tin' }, [one]).declares).toBe(false);
    expect(route({}, [one]).severity).toBe('sev4');
    expect(route({ severity: 'critical' }, [{ name: 'it', page: false }]).page).toBeUndefined();
    expect(route({ severity: 'warning' }, [{ name: 'it', page: true }]).page).toEqual({});
  });

  test('names of labels that every object has are labels like any other', () => {
    expect(route({}, [{ name: 'it', match: { constructor: '*' } }]).route).toBe('default');
  });
});
