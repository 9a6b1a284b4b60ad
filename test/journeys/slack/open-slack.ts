import { expect } from 'vitest';
import { validateMessage } from '../../../sandbox/slack/blocks/check-message.ts';
import type { SandboxSlack, SlackOptions } from '../../../sandbox/slack/start-slack.ts';
import type { SandboxOptions } from '../../../sandbox/start-sandbox.ts';
import { isOurButton } from '../../../src/domain/button-line.ts';
import { openWorld, type World } from '../world.ts';

/** A journey's world with a Slack in it; `close` also judges every message that was ever shown to anybody. */
export interface SlackWorld extends World {
  slack: SandboxSlack;
}

/** How what people do reaches the bot. A journey goes each way, unless it is about one of them. */
export const WAYS = ['HTTP', 'Socket Mode'] as const;
export type Way = (typeof WAYS)[number];

/** Tests of what cannot be over a web socket; `why` says so to whoever reads them. */
export function onlyOverHttp(way: Way, _why: string, declare: () => void): void {
  if (way === 'HTTP') declare();
}

export interface SlackWorldOptions extends Omit<SandboxOptions, 'redisUrl' | 'pace' | 'slack'> {
  /** Left out: HTTP. */
  way?: Way;
  slack?: SlackOptions;
}

export async function openSlackWorld({
  way = 'HTTP',
  slack: more,
  ...options
}: SlackWorldOptions = {}): Promise<SlackWorld> {
  const world = await openWorld({ ...options, slack: { socketMode: way === 'Socket Mode', ...more } });
  const { slack } = world.sandbox;
  if (slack === undefined) throw new Error('the sandbox has no Slack');
  return {
    ...world,
    slack,
    close: async () => {
      await world.close();
      judge(slack, secretsOf(world, slack));
    },
  };
}

/** What no message may hold. */
function secretsOf({ sandbox }: World, { botToken, signingSecret, appToken }: SandboxSlack): string[] {
  return [botToken, signingSecret, appToken, sandbox.cluster.api.token];
}

function judge(slack: SandboxSlack, secrets: readonly string[]): void {
  const posted = slack.posted();
  expect(
    posted.flatMap(({ draft, message }) => validateMessage(draft).map((wrong) => `${wrong}: ${message.text}`)),
    'messages over a limit of Slack',
  ).toEqual([]);
  expect(
    buttonsIn(posted.map(({ draft }) => draft)).filter(({ action_id, value }) => !isOurButton(action_id, value)),
    'buttons that Muster itself would not take',
  ).toEqual([]);
  expect(slack.violations(), 'answers that Slack would not have shown').toEqual([]);
  const said = [JSON.stringify(posted), ...slack.files().map(({ content }) => content.toString('utf8'))].join('\n');
  expect(
    secrets.filter((secret) => said.includes(secret)),
    'secrets in messages',
  ).toEqual([]);
}

function buttonsIn(content: unknown): { action_id: string; value: string }[] {
  if (typeof content !== 'object' || content === null) return [];
  const inside = Object.values(content).flatMap(buttonsIn);
  if (!('type' in content && content.type === 'button')) return inside;
  const { action_id = '', value = '' } = content as { action_id?: string; value?: string };
  return [{ action_id, value }, ...inside];
}
