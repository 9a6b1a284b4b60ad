import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { FaultKind } from '../../../sandbox/slack/faults.ts';
import { untilReady } from '../slack/act.ts';
import { PATIENCE_MS, TIMEOUT } from '../slack/patience.ts';
import { canTravel, eventually } from '../world.ts';
import { type IncidentWorld, openIncidentWorld } from './open-incidents.ts';
import { declared, expectOnce, rangFor } from './see-incident.ts';
import { send } from './send-alerts.ts';

/** From the alert to the ring of a telephone at most, ms: less than Muster waits for an answer of Slack's. */
const PAGED_MS = 4_000;

const FAULTS: Record<string, FaultKind> = {
  'HTTP 500': { kind: 'status', code: 500 },
  'HTTP 429': { kind: 'ratelimited', retryAfter: 20 },
  'no answer': { kind: 'hang' },
  'a connection that is cut once the call was taken': { kind: 'reset-after' },
};
const CALLS = ['conversations.create', 'chat.postMessage', undefined] as const;
const ROWS = Object.entries(FAULTS).flatMap(([name, fault], row) =>
  CALLS.map((method, at) => ({ name, fault, method, to: method ?? 'every call', namespace: `slack-${row}-${at}` })),
);

describe.skipIf(!canTravel)('while an alert comes, Slack has trouble', TIMEOUT, () => {
  let world: IncidentWorld;
  beforeAll(async () => {
    world = await openIncidentWorld();
    await world.inside.startBot();
    await untilReady(world);
  });
  afterEach(() => world.slack.faults.clear());
  afterAll(() => world.close());

  /** Somebody's telephone rings, though no call of Slack's that was begun meanwhile need have been answered. */
  async function expectPaged(namespace: string): Promise<string> {
    const from = world.clock.now();
    await send(world, { namespace });
    const ring = () => world.pagerDuty.pages().find(({ title }) => title.includes(namespace));
    const { at } = await eventually('a telephone rings', ring, PATIENCE_MS);
    expect(at - from).toBeLessThan(PAGED_MS);
    return declared(world, namespace);
  }

  // The first: who is whom in Slack is remembered once it was asked.
  test('connections refused', async () => {
    await world.slack.faults.down();
    const incident = await expectPaged('slack-refused');
    const says = (what: string) =>
      eventually(what, async () => (await world.inside.type(`status ${incident}`)).text.includes(what) || undefined);
    await says('On call: Olive On-call (level 1)');
    await says('Slack cannot yet be asked who that is there: Olive On-call');
    await world.slack.faults.up();
    await says('On call: Olive On-call <@');
    await expectOnce(world, incident);
    expect(await rangFor(world, incident)).toEqual(['oncall triggered']);
  });

  test.each(ROWS)('$name to $to', async ({ fault, method, namespace }) => {
    const mend = world.slack.faults.add({ ...fault, ...(method === undefined ? {} : { match: { method } }) });
    const met = () => world.slack.calls().filter(({ answer }) => !/^(ok|users_not_found)$/.test(answer)).length;
    const before = met();
    const incident = await expectPaged(namespace);
    await eventually('Slack was asked in vain', () => met() > before || undefined);
    mend();
    await expectOnce(world, incident);
    expect(await rangFor(world, incident)).toEqual(['oncall triggered']);
  });
});
