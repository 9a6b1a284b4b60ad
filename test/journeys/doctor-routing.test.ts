import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type SandboxPagerDuty, startPagerDuty } from '../../sandbox/pagerduty/start-pagerduty.ts';
import { askDoctor } from './doctor-bench.ts';
import { canTravel, openWorld, type World } from './world.ts';

describe.skipIf(!canTravel)('dr doctor: the routing file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-routing-'));
  const file = join(folder, 'routing.yaml');
  let world: World;
  let pagerDuty: SandboxPagerDuty;
  beforeAll(async () => {
    world = await openWorld({ slack: true });
    pagerDuty = await startPagerDuty();
  });
  afterAll(async () => {
    await pagerDuty.close();
    await world.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function ask(route: string, env: Record<string, string> = {}) {
    writeFileSync(file, `routes:\n  - { name: all, ${route} }\n`);
    return askDoctor(world, {
      env: {
        PAGERDUTY_API_TOKEN: pagerDuty.token,
        PAGERDUTY_SERVICE_ID: pagerDuty.serviceId,
        PAGERDUTY_FROM_EMAIL: pagerDuty.fromEmail,
        PAGERDUTY_API_URL: pagerDuty.url,
        ROUTING_FILE: file,
        ...env,
      },
    });
  }

  test('everybody whom it names is there', async () => {
    const told = await ask('page: PEPDATA, tell: ["#data-platform"], invite: [U0LEAD00001, S0DRLEADS01]');
    expect(told.of('red')).toEqual([]);
    expect(told.of('ok')).toEqual(expect.arrayContaining(['routing', 'routing pages', 'routing slack']));
  });

  test.each([
    ['a mistake in it', 'pages: true', 'routing', /routing\.yaml:2:\d+ unknown key "pages"; did you mean "page"\?/],
    ['a policy that is gone', 'page: PGONE01', 'routing pages', /no escalation policy PGONE01: nobody is paged/],
    ['a channel that is not there', 'tell: ["#nowhere"]', 'routing slack', /the bot sees no channel #nowhere/],
    ['a channel without the bot', 'tell: [random]', 'routing slack', /the bot is not in #random/],
    ['a member who is not there', 'invite: [U0NOBODY001]', 'routing slack', /U0NOBODY001 does not exist/],
    ['a group that is not there', 'invite: [S0NOGROUP01]', 'routing slack', /S0NOGROUP01 does not exist/],
  ])('%s is red', async (_what, route, line, sentence) => {
    const told = await ask(route);
    expect(told.of('red')).toEqual([line]);
    expect(told.about(line)).toMatch(sentence);
    expect(told.about(line)).toMatch(/ \/ Correct /);
  });

  test('a policy that only the REST API could page is red without it', async () => {
    const none = { PAGERDUTY_API_TOKEN: '', PAGERDUTY_SERVICE_ID: '', PAGERDUTY_FROM_EMAIL: '' };
    const told = await ask('page: PEPDATA', none);
    expect(told.of('red')).toEqual(['routing pages']);
    expect(told.about('routing pages')).toMatch(/PEPDATA cannot be paged without the REST API/);
  });
});
