import type { PagerDutyOptions, SandboxPagerDuty } from '../../../sandbox/pagerduty/start-pagerduty.ts';
import { openSlackWorld, type SlackWorld } from '../slack/open-slack.ts';

/** A journey's world with a Slack and a PagerDuty in it. */
export interface IncidentWorld extends SlackWorld {
  pagerDuty: SandboxPagerDuty;
}

type Options = NonNullable<Parameters<typeof openSlackWorld>[0]> & { pagerDuty?: boolean | PagerDutyOptions };

export async function openIncidentWorld(options: Options = {}): Promise<IncidentWorld> {
  const world = await openSlackWorld({ pagerDuty: true, ...options });
  const { pagerDuty } = world.sandbox;
  if (pagerDuty === undefined) throw new Error('the sandbox has no PagerDuty');
  return { ...world, pagerDuty };
}
