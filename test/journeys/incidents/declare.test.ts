import { describe, expect, test } from 'vitest';
import { type, untilReady } from '../slack/act.ts';
import { canTravel, eventually } from '../world.ts';
import { openIncidentWorld } from './open-incidents.ts';

describe.skipIf(!canTravel)('an incident that is declared by hand', () => {
  test('pages, opens its room and says in it how it stands', async () => {
    const world = await openIncidentWorld();
    try {
      world.startBot();
      await untilReady(world);
      console.log(await type(world, 'oncall', 'declare ClickHouse is down --severity sev1'));
      const created = await eventually('the room', () =>
        world.slack.calls().find(({ method, answer }) => method === 'conversations.create' && answer === 'ok'),
      );
      console.log(created);
      const room = String((created as any).args?.name ?? '');
      await new Promise((r) => setTimeout(r, 3000));
      console.log(world.slack.renderChannel(room));
      console.log(world.slack.renderChannel('incidents'));
      console.log(world.pagerDuty.pages());
      console.log(world.slack.calls().map((c) => `${c.method} ${c.answer}`).join('\n'));
      expect(room).toBeDefined();
    } finally {
      await world.close();
    }
  });
});
