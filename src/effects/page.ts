import { effectKey } from '../domain/incident-effects.ts';
import type { EffectResult } from '../domain/incident-events.ts';
import { defineEffect, type EffectContext } from '../incident-contracts.ts';
import type { Paged } from '../incident-ports.ts';
import { describePage } from './messages/page-order.ts';

/** Pages by PagerDuty's REST API, which tells where its incident is. What was paged by the second way is found, not paged again. */
export const effect = defineEffect({
  name: 'page',
  title: 'the page',
  apply: async (context) => {
    const { view, of, pager, signal } = context;
    const order = describePage(context);
    const byEvent = view.state.effects.get(effectKey('page-by-event', of))?.doneAt !== undefined;
    const there = byEvent ? await pager.find(order.key, signal) : undefined;
    return describePaged(there ?? (await pager.trigger(order, signal)));
  },
  find: async (context: EffectContext) => {
    const there = await context.pager.find(describePage(context).key, context.signal);
    return there === undefined ? undefined : describePaged(there);
  },
});

function describePaged({ id, url }: Paged): EffectResult {
  return { pager: id, ...(url === undefined ? {} : { url }) };
}
