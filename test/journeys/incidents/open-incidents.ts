import { expect } from 'vitest';
import type { PagerDutyOptions, SandboxPagerDuty } from '../../../sandbox/pagerduty/start-pagerduty.ts';
import { validatePagerDutyCalls } from '../../pagerduty-calls.ts';
import type { MovableClock } from '../clock.ts';
import { openSlackWorld, type SlackWorld } from '../slack/open-slack.ts';

/** A journey's world with a Slack and a PagerDuty in it; `close` also judges every call to PagerDuty. */
export interface IncidentWorld extends SlackWorld {
  pagerDuty: SandboxPagerDuty;
  /** What the Muster inside goes by, and with it Slack and PagerDuty: a bot of its own process goes by real time. */
  clock: MovableClock;
}

type Options = NonNullable<Parameters<typeof openSlackWorld>[0]> & { pagerDuty?: true | PagerDutyOptions };

export async function openIncidentWorld({ slack, pagerDuty: more, ...options }: Options = {}): Promise<IncidentWorld> {
  let clock: MovableClock | undefined;
  const now = () => clock?.now() ?? Date.now();
  const paging = { now, ...(typeof more === 'object' ? more : {}) };
  const world = await openSlackWorld({ ...options, slack: { now, ...slack }, pagerDuty: paging });
  clock = world.inside.clock;
  const { pagerDuty } = world.sandbox;
  if (pagerDuty === undefined) throw new Error('the sandbox has no PagerDuty');
  return {
    ...world,
    pagerDuty,
    clock,
    close: async () => {
      await world.close();
      judge(world, pagerDuty);
    },
  };
}

/** All that was asked and answered is as PagerDuty documents it, and nobody learns another's secrets. */
function judge({ slack, sandbox }: SlackWorld, pagerDuty: SandboxPagerDuty): void {
  expect(validatePagerDutyCalls(pagerDuty.calls()), "calls that do not fit PagerDuty's documents").toEqual([]);
  const alerts = sandbox.env['ALERT_WEBHOOK_TOKEN'] ?? '';
  const { token, routingKey, webhookSecret } = pagerDuty;
  const said = JSON.stringify(slack.posted());
  expect(
    [token, routingKey, webhookSecret, alerts].filter((secret) => said.includes(secret)),
    'secrets in messages',
  ).toEqual([]);
  const asked = JSON.stringify(pagerDuty.calls());
  const { botToken, signingSecret, appToken } = slack;
  const foreign = [token, webhookSecret, alerts, botToken, signingSecret, appToken, sandbox.cluster.api.token];
  expect(
    foreign.filter((secret) => asked.includes(secret)),
    'secrets in calls to PagerDuty',
  ).toEqual([]);
}

/** For bots of their own process, whose clock nobody can move. */
export function inRealTime(world: IncidentWorld): IncidentWorld {
  return { ...world, clock: { ...world.clock, move: () => undefined } };
}
