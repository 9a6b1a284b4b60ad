import { defineEffect } from '../incident-contracts.ts';
import { describePage } from './messages/page-order.ts';

/** The second way, where the REST API is slow or refuses: Events API v2, whose `dedup_key` makes twice once. */
export const effect = defineEffect({
  name: 'page-by-event',
  title: 'the page by the second way',
  apply: async (context) => {
    await context.events.send('trigger', describePage(context), context.signal);
    return {};
  },
});
