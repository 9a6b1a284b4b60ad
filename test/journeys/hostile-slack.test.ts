import { existsSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { escapeMarkup } from '../../src/domain/slack-markup.ts';
import { CANARY, DELIVERED, folder, TYPED } from './hostile-texts.ts';
import { goInSlack, type InSlack } from './in-slack.ts';
import { abort, ask, loseNamespace, planOf } from './story.ts';
import { canTravel, NAMESPACE, openWorld, type World } from './world.ts';

const restore = `restore namespace ${NAMESPACE}`;

describe.skipIf(!canTravel)('hostile texts from Slack', () => {
  let world: World;
  let slack: InSlack;
  let foreign = '';
  let digest = '';
  const LEAD = 'U0LEAD';
  const MALLORY = 'U0MALLORY';
  const SHOP = 'U0SHOP';
  beforeAll(async () => {
    world = await openWorld();
    slack = await goInSlack(
      world,
      `groups: {leads: {slack: [${LEAD}]}, shop: {slack: [${SHOP}]}}
allow:
  - {group: leads, may: [request, abort, approve], clusters: ["*"], namespaces: [${NAMESPACE}]}
  - {group: shop, may: [request, abort, approve], clusters: ["*"], namespaces: [shop]}`,
    );
    const stop = await world.inside.startBot();
    await loseNamespace(world);
    foreign = await ask(world);
    digest = await planOf(world, foreign);
    await stop();
  });
  afterAll(async () => {
    await slack.close();
    await abortLeftovers();
    rmSync(folder, { recursive: true, force: true });
    await world.close();
  });

  async function abortLeftovers(): Promise<void> {
    const stop = await world.inside.startBot();
    await abort(world, foreign);
    await stop();
  }

  async function expectRefusal(line: string, user: string): Promise<string> {
    const { ok, text } = await slack.type(line, user);
    expect(ok, text.slice(0, 300)).toBe(false);
    expect(text).not.toMatch(/Unexpected:|undefined|\[object|^\s+at /m);
    expect(text.length).toBeGreaterThan(20);
    expect(text.length).toBeLessThan(6_000);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
    expect(text).not.toMatch(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/);
    return text;
  }

  test('there are more than a hundred of them', () => {
    expect(new Set([...TYPED, ...DELIVERED]).size).toBeGreaterThan(100);
  });

  test.each(TYPED)('typed: %j is refused, though this member may do everything', async (line) => {
    await expectRefusal(escapeMarkup(line), LEAD);
  });

  test.each(DELIVERED)('delivered: %j is refused', async (line) => {
    await expectRefusal(line, LEAD);
  });

  test.each([
    'approve RUN DIGEST',
    'approve RUN',
    'approve RUN DIGEST --reason "let me in please"',
    'reject RUN DIGEST',
    'abort RUN',
    'retry RUN',
    restore,
  ])('%s by whom the policy does not know, or knows for another namespace, is refused', async (line) => {
    const typed = line.replace('RUN', foreign).replace('DIGEST', digest);
    expect(await expectRefusal(typed, MALLORY)).toContain('No group of the policy knows this actor.');
    expect(await expectRefusal(typed, SHOP)).toContain('The policy does not let shop ');
  });

  test.each([
    'status RUN',
    'status nosuch',
    'runs',
    'runs --active',
    `${restore} --dry-run`,
    'abort nosuch',
    'approve nosuch ffffffff',
  ])('%s tells nothing to whom the policy does not know', async (line) => {
    const text = await expectRefusal(line.replace('RUN', foreign), MALLORY);
    expect(text).toContain('No group of the policy knows this actor.');
    expect(text).not.toMatch(/There is no run|waiting for approval/);
  });

  test.each(['approve RUN', 'approve RUN ""', 'approve RUN DIGES', 'approve RUN *', 'approve RUN ffffffffffff'])(
    '%s is no approval of a plan that was read',
    async (line) => {
      const typed = line.replace('RUN', foreign).replace('DIGES', digest.slice(0, 5));
      expect(await expectRefusal(typed, LEAD)).toMatch(/Name the plan you have read|The plan of run .* is .* now, not/);
    },
  );

  test('everybody may ask what there is', async () => {
    expect(await slack.type('help', MALLORY)).toMatchObject({ ok: true });
    expect(await slack.type('runbooks', MALLORY)).toMatchObject({ ok: true });
    expect(await slack.type('', MALLORY)).toMatchObject({ ok: true });
  });

  test('after all this nothing was recorded, changed or run', async () => {
    expect(await world.ledger.recent(100)).toEqual([`run-${foreign}`]);
    expect(await world.ledger.incidents(100)).toEqual([]);
    expect(await world.events(foreign)).toEqual(['run.requested', 'run.planned']);
    expect(world.writes()).toEqual([]);
    expect(existsSync(CANARY)).toBe(false);
  });
});
