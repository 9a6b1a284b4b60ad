import { effectKey } from '../../domain/incident-effects.ts';
import { pageKeyAt } from '../../domain/incident-pages.ts';
import type { EffectContext } from '../../incident-contracts.ts';
import type { PageOrder } from '../../incident-ports.ts';
import { renderPage } from '../../views/incident/page.ts';

/** What PagerDuty is told; the same key by both ways, so that nobody is called twice for the same thing. */
export function describePage({ view: { state }, of }: Pick<EffectContext, 'view' | 'of'>): PageOrder {
  const key = effectKey('page', of);
  const who = state.pages.get(key)?.who ?? policyOf(state.page?.escalationPolicy);
  return {
    ...{ key: pageKeyAt(state.opening, key), ...renderPage(state, key) },
    urgency: state.severity === 'sev1' || state.severity === 'sev2' ? 'high' : 'low',
    ...(who === undefined ? {} : { to: { id: who.id, kind: who.kind } }),
  };
}

function policyOf(id: string | undefined) {
  return id === undefined ? undefined : ({ id, kind: 'escalation_policy' } as const);
}
