import type { IncidentState } from '../domain/incident.ts';
import { effectKey } from '../domain/incident-effects.ts';
import type { PageChange, PageState } from '../domain/incident-pages.ts';
import { DrError } from '../errors.ts';
import { defineEffect, type EffectContext } from '../incident-contracts.ts';
import type { PagerChange } from '../incident-ports.ts';
import { describePage } from './messages/page-order.ts';

/** What somebody did here, in PagerDuty too; doing it to an incident that is so already changes nothing. */
export const effect = defineEffect({
  name: 'change-page',
  title: 'the change in PagerDuty',
  apply: async (context) => {
    const { page, change, by } = findChange(context.view.state, context.key, context.of);
    const number = page.key.split(':')[1] ?? '';
    if (page.pager !== undefined)
      await context.pager.change(page.pager.id, change, await emailOf(context, by), context.signal);
    else if ('status' in change)
      await context.events.send(
        change.status === 'resolved' ? 'resolve' : 'acknowledge',
        describePage({ view: context.view, of: number }),
        context.signal,
      );
    return {};
  },
});

interface Found {
  page: PageState;
  change: PagerChange;
  by: PageChange['by'] | undefined;
}

function findChange(state: IncidentState, key: string, of: string): Found {
  for (const page of state.pages.values()) {
    if (effectKey('change-page', `resolve-${page.key.split(':')[1]}`) === key)
      return { page, change: { status: 'resolved' }, by: state.resolved?.by };
    const asked = page.changes.find((it) => it.key === key);
    if (asked !== undefined) return { page, change: describeChange(asked), by: asked.by };
  }
  throw new DrError({
    code: 'INCIDENT_STATE',
    message: `Nobody asked for change ${of} of a page.`,
    action: 'Report this with the log lines around it.',
  });
}

function describeChange({ change, to, text }: PageChange): PagerChange {
  switch (change) {
    case 'acknowledge':
      return { status: 'acknowledged' };
    case 'resolve':
      return { status: 'resolved' };
    case 'escalate':
      return { escalate: true };
    case 'reassign':
      return { reassign: { id: to ?? '', kind: 'user' } };
    case 'note':
      return { note: text ?? '' };
  }
}

/** So that PagerDuty says who it was; where Slack does not tell, it says that Muster did. */
async function emailOf({ rooms, settings, signal }: EffectContext, by: Found['by']): Promise<string | undefined> {
  if (by?.kind !== 'slack' || !settings.chat) return undefined;
  return rooms.emailOf(by.user, signal).catch(() => undefined);
}
