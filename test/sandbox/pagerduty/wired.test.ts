import { expect, test } from 'vitest';
import { startSandbox } from '../../../sandbox/start-sandbox.ts';
import { loadConfig } from '../../../src/config.ts';
import { open, send } from './bench.ts';

test('the sandbox gives the bot a PagerDuty, and PagerDuty the bot’s address', async () => {
  const sandbox = await startSandbox({ pagerDuty: { retryDelaysMs: [20] }, pace: 'fast' });
  try {
    const { pagerDuty, env } = sandbox;
    if (pagerDuty === undefined) throw new Error('there is no PagerDuty');
    const config = loadConfig(env);
    expect(config).toMatchObject({
      pagerdutyApiToken: pagerDuty.token,
      pagerdutyApiUrl: pagerDuty.url,
      pagerdutyEventsUrl: pagerDuty.eventsUrl,
      pagerdutyFromEmail: pagerDuty.fromEmail,
      pagerdutyServiceId: pagerDuty.serviceId,
      pagerdutyRoutingKey: pagerDuty.routingKey,
      pagerdutyWebhookSecret: pagerDuty.webhookSecret,
      alertWebhookToken: expect.stringMatching(/^\w{32}$/),
    });
    expect(config.port).toBeGreaterThan(0);
    await open(pagerDuty);
    // Nobody listens at that address before the bot is started: it is tried again and again.
    const attempts = () => pagerDuty.webhooks.log()[0]?.attempts.length;
    await expect.poll(attempts, { timeout: 10_000 }).toBeGreaterThan(1);
    expect((await send(pagerDuty, { event_action: 'resolve', dedup_key: 'a' })).status).toBe(202);
    const { text } = await sandbox.runDr(['doctor']);
    expect(text).toMatch(/service Disaster recovery answers, critical/);
  } finally {
    await sandbox.close();
  }
});
