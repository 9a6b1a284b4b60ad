import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Fault } from '../../../sandbox/slack/faults.ts';
import { loseNamespace, until } from '../story.ts';
import { canTravel } from '../world.ts';
import { askInSlack, press, untilReady } from './act.ts';
import { onlyOverHttp, openSlackWorld, type SlackWorld, WAYS } from './open-slack.ts';
import { PATIENCE_MS, TIMEOUT } from './patience.ts';
import { expectSaid } from './said.ts';

const POST = { method: 'chat.postMessage' };
const ANY = { method: /^(chat|files|conversations|upload)/ };

type Row = [what: string, faults: Fault[], posts: number];

/** `posts`: how often a message is sent; one that is in doubt is looked for first. */
const ROWS: Row[] = [
  ['takes every post and cuts the connection', [{ kind: 'reset-after', match: POST }], 3],
  ['takes every post and a proxy answers 503', [{ kind: 'status-after', code: 503, match: POST }], 3],
  ['takes edits and cuts the connection', [{ kind: 'reset-after', match: { method: 'chat.update' }, times: 5 }], 3],
  [
    'stumbles over everything now and then',
    [
      { kind: 'error', error: 'internal_error', match: ANY, times: 1 },
      { kind: 'reset', match: ANY, times: 1 },
      { kind: 'reset-after', match: ANY, times: 3 },
    ],
    4,
  ],
];

/** Those in which 15 s and more are waited. */
const SLOW: Row[] = [
  ['takes every post and never answers', [{ kind: 'hang-after', match: POST }], 3],
  ['cuts the connection to the first two posts', [{ kind: 'reset', match: POST, times: 2 }], 5],
  [
    'answers the first post with 500 and the next with a page',
    [
      { kind: 'status', code: 500, match: POST, times: 1 },
      { kind: 'garbage', match: POST, times: 1 },
    ],
    5,
  ],
  ['needs 2 s for everything', [{ kind: 'slow', ms: 2_000, match: ANY }], 3],
];

describe.skipIf(!canTravel).each(WAYS)('Slack does not say what it has done, over %s', TIMEOUT, (way) => {
  let world: SlackWorld;
  beforeAll(async () => {
    world = await openSlackWorld({ way });
    await world.inside.startBot();
    await untilReady(world);
  });
  afterEach(() => world.slack.faults.clear());
  afterAll(() => world.close());

  const SENTENCE = 'Slack %s: each message once, none missing, one Restore';
  test.each(ROWS)(SENTENCE, loseReplies);
  onlyOverHttp(way, 'what is waited for is what the bot sends, which goes out the same way over both', () =>
    test.each(SLOW)(SENTENCE, loseReplies),
  );

  async function loseReplies(_what: string, faults: readonly Fault[], most: number): Promise<void> {
    await loseNamespace(world);
    const before = world.slack.calls().length;
    for (const fault of faults) world.slack.faults.add(fault);
    const run = await askInSlack(world);
    await press(world, 'lead', 'Approve', run);
    await until(world, run, 'succeeded', PATIENCE_MS);
    const said = await expectSaid(world, run, ['card', 'plan', 'end']);
    expect(said[2]?.text).toContain('RECOVERED and verified');
    const posts = world.slack
      .calls()
      .slice(before)
      .filter(({ method }) => method === POST.method);
    expect(posts.length).toBeLessThanOrEqual(most);
    expect(world.restores().filter((name) => name.includes(run))).toHaveLength(1);
  }
});
