import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type SandboxPagerDuty, startPagerDuty } from '../../sandbox/pagerduty/start-pagerduty.ts';
import { validatePagerDutyCalls } from '../pagerduty-calls.ts';
import { askDoctor } from './doctor-bench.ts';
import { canTravel, openWorld, type World } from './world.ts';

const ours = (lines: string[]) => lines.filter((line) => line.startsWith('pagerduty'));

describe.skipIf(!canTravel)('dr doctor: PagerDuty', () => {
  let world: World;
  let pagerDuty: SandboxPagerDuty;
  beforeAll(async () => {
    world = await openWorld({ slack: true });
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    pagerDuty = await startPagerDuty();
  });
  afterEach(async () => {
    expect(validatePagerDutyCalls(pagerDuty.calls())).toEqual([]);
    await pagerDuty.close();
  });

  const ask = (more: Record<string, string> = {}) =>
    askDoctor(world, {
      env: {
        PAGERDUTY_API_TOKEN: pagerDuty.token,
        PAGERDUTY_SERVICE_ID: pagerDuty.serviceId,
        PAGERDUTY_FROM_EMAIL: pagerDuty.fromEmail,
        PAGERDUTY_API_URL: pagerDuty.url,
        PAGERDUTY_EVENTS_URL: pagerDuty.eventsUrl,
        PAGERDUTY_ROUTING_KEY: pagerDuty.routingKey,
        PAGERDUTY_WEBHOOK_SECRET: pagerDuty.webhookSecret,
        ...more,
      },
    });

  test('all is well but one whom Slack does not have: named, with what to do; nothing is changed', async () => {
    const told = await ask();
    expect(told.of('red')).toEqual([]);
    expect(ours(told.of('warning'))).toEqual(['pagerduty people']);
    expect(told.about('pagerduty')).toBe(
      'service Disaster recovery answers, active; 3 on call; the second way to page is configured / undefined',
    );
    expect(told.about('pagerduty people')).toMatch(
      /^on call, and not found in Slack: Nico Night \(nico@agency\.example\) \/ Give them the same e-mail address/,
    );
    expect(pagerDuty.calls().filter(({ operation }) => !operation.startsWith('GET'))).toEqual([]);
  });

  test.each<[string, (it: SandboxPagerDuty) => void, 'red' | 'warning', RegExp]>([
    [
      'a disabled service',
      (it) => it.people.setService(it.serviceId, 'disabled'),
      'red',
      /nobody is paged .*Enable it/,
    ],
    ['maintenance', (it) => it.people.setService(it.serviceId, 'maintenance'), 'warning', /nobody is paged .*End its/],
    ['a token that was revoked', (it) => it.revokeToken(), 'red', /refused the token .*PAGERDUTY_API_TOKEN/],
    [
      'a token that may not read on-calls',
      (it) =>
        void it.faults.add({
          ...{ kind: 'error', status: 403, code: 2010, message: 'Access Denied' },
          match: { operation: 'GET /oncalls' },
        }),
      'red',
      /does not tell who is on call.*the right to read on-calls/,
    ],
    [
      'a broken gateway',
      (it) => void it.faults.add({ kind: 'status', code: 502 }),
      'red',
      /does not answer \(HTTP 502\)/,
    ],
    ['garbage', (it) => void it.faults.add({ kind: 'garbage' }), 'red', /HTTP 200 with something else/],
  ])('%s', async (_what, bring, verdict, sentence) => {
    bring(pagerDuty);
    const told = await ask();
    expect(told.of('red')).toEqual(verdict === 'red' ? ['pagerduty'] : []);
    expect(told.of(verdict)).toContain('pagerduty');
    expect(told.about('pagerduty')).toMatch(sentence);
  });

  test.each<[string, Record<string, string>, 'red' | 'warning', RegExp]>([
    ['no such service', { PAGERDUTY_SERVICE_ID: 'PNONE' }, 'red', /no service PNONE\. .*PAGERDUTY_SERVICE_ID/],
    [
      'no such user',
      { PAGERDUTY_FROM_EMAIL: 'nobody@sandbox.example' },
      'red',
      /no user has the address nobody@sandbox\.example.*PAGERDUTY_FROM_EMAIL/,
    ],
    [
      'a second way that leads elsewhere',
      { PAGERDUTY_ROUTING_KEY: 'x'.repeat(32) },
      'warning',
      /key of none of its integrations: .*page twice/,
    ],
    ['no second way', { PAGERDUTY_ROUTING_KEY: '' }, 'warning', /no second way to page .*PAGERDUTY_ROUTING_KEY/],
    ['nobody listens there', { PAGERDUTY_API_URL: 'http://127.0.0.1:1' }, 'red', /does not answer \(ECONNREFUSED\)/],
  ])('%s', async (_what, env, verdict, sentence) => {
    const told = await ask(env);
    expect(told.of('red')).toEqual(verdict === 'red' ? ['pagerduty'] : []);
    expect(told.of(verdict)).toContain('pagerduty');
    expect(told.about('pagerduty')).toMatch(sentence);
  });

  test('events alone page, but tell of nobody', async () => {
    const none = { PAGERDUTY_API_TOKEN: '', PAGERDUTY_SERVICE_ID: '', PAGERDUTY_FROM_EMAIL: '' };
    const told = await ask(none);
    expect(told.of('red')).toEqual([]);
    expect(ours(told.of('warning'))).toEqual(['pagerduty']);
    expect(told.about('pagerduty')).toMatch(/events only.*PAGERDUTY_API_TOKEN/);
  });

  test('no way to page at all is a warning', async () => {
    const none = { PAGERDUTY_API_TOKEN: '', PAGERDUTY_SERVICE_ID: '', PAGERDUTY_FROM_EMAIL: '' };
    const told = await ask({ ...none, PAGERDUTY_ROUTING_KEY: '' });
    expect(told.of('red')).toEqual([]);
    expect(ours(told.of('warning'))).toEqual(['pagerduty']);
    expect(told.about('pagerduty')).toMatch(/NOBODY is paged .*PAGERDUTY_API_TOKEN.*PAGERDUTY_ROUTING_KEY/);
  });

  test.each([
    ['pagerduty webhook', 'PAGERDUTY_WEBHOOK_SECRET', /once a minute/],
    ['alerts', 'ALERT_WEBHOOK_TOKEN', /none can come in/],
  ])('%s: without its secret nothing comes in, which is a warning', async (line, variable, sentence) => {
    const [told, without] = [await ask(), await ask({ [variable]: '' })];
    expect(told.of('ok')).toContain(line);
    expect(without.of('red')).toEqual([]);
    expect(without.of('warning')).toContain(line);
    expect(without.about(line)).toMatch(sentence);
    expect(without.about(line)).toContain(variable);
  });

  test('Slack down: whom it has is unchecked, and PagerDuty is told of', async () => {
    await world.sandbox.slack?.faults.down();
    const told = await ask();
    await world.sandbox.slack?.faults.up();
    expect(told.of('red')).toEqual(['slack']);
    expect(told.of('unchecked')).toContain('pagerduty people');
    expect(told.of('ok')).toContain('pagerduty');
  });
});
