import { existsSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { escapeMarkup } from '../../../src/domain/slack-markup.ts';
import { CANARY, DELIVERED, folder, TYPED } from '../hostile-texts.ts';
import { loseNamespace } from '../story.ts';
import { type Bot, canTravel } from '../world.ts';
import { heard, told, untilReady } from './act.ts';
import { openSlackWorld, type SlackWorld, WAYS } from './open-slack.ts';
import { TIMEOUT } from './patience.ts';

/** So many arrive at once: Slack does not wait for one answer before it delivers the next. */
const AT_ONCE = 6;

describe.skipIf(!canTravel).each(WAYS)('hostile texts, as signed commands, over %s', TIMEOUT, (way) => {
  let world: SlackWorld;
  let bot: Bot;
  beforeAll(async () => {
    // What is delivered is given here, character by character.
    world = await openSlackWorld({ way, slack: { escapeCommands: false } });
    bot = world.startBot();
    await untilReady(world);
    await loseNamespace(world);
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await world.close();
  });

  async function deliver(text: string): Promise<void> {
    const { status, error, tookMs } = await world.slack.deliver.command('lead', 'incidents', '/dr', text);
    expect({ status, error, text: text.slice(0, 80) }).toEqual({
      status: 200,
      error: undefined,
      text: text.slice(0, 80),
    });
    expect(tookMs).toBeLessThan(3_000);
  }

  const TEXTS = [...TYPED.map(escapeMarkup), ...DELIVERED];
  const parts = Array.from({ length: Math.ceil(TEXTS.length / 30) }, (_part, index) => index * 30);

  test.each(parts)('from number %d on: each is refused in words, within 3 s, and the bot lives', async (from) => {
    const texts = TEXTS.slice(from, from + 30);
    const before = heard(world, 'lead').length;
    for (let at = 0; at < texts.length; at += AT_ONCE) await Promise.all(texts.slice(at, at + AT_ONCE).map(deliver));
    const answers = heard(world, 'lead').slice(before);
    expect(answers.length).toBe(texts.length);
    for (const answer of answers) {
      expect(answer).toMatch(/^:warning: ./);
      expect(answer).not.toMatch(/Unexpected:|undefined|\[object|^\s+at /m);
      expect(answer).not.toMatch(/<(?:![a-z]|https?:|mailto:|javascript:)/);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
      expect(answer).not.toMatch(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/);
    }
    expect(bot.alive(), bot.log()).toBe(true);
  });

  test('after all this nothing was recorded, changed, run or said to others, and the bot answers', async () => {
    expect(await world.ledger.recent(100)).toEqual([]);
    expect(world.writes()).toEqual([]);
    expect(existsSync(CANARY)).toBe(false);
    expect(world.slack.calls().filter(({ method }) => method.startsWith('chat.'))).toEqual([]);
    expect(await told(world, 'lead', () => world.slack.deliver.command('lead', 'incidents', '/dr', 'help'))).toContain(
      'restore namespace',
    );
    expect(bot.lines().filter(({ level }) => level >= 50)).toEqual([]);
  });
});
