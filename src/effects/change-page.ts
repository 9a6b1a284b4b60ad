import type { IncidentState } from '../domain/incident.ts';
import { effectKey, effectOf } from '../domain/incident-effects.ts';
import type { EffectResult } from '../domain/incident-events.ts';
import { type PageChange, type PageState, pageKeyAt } from '../domain/incident-pages.ts';
import { DrError } from '../errors.ts';
import { defineEffect, type EffectContext } from '../incident-contracts.ts';
import type { PagerChange } from '../incident-ports.ts';
import { describePage } from './messages/page-order.ts';

/** PagerDuty does not wait for Slack to say who it was, ms. */
const NAME_MS = 1_000;

/** What somebody did here, in PagerDuty too; doing it to an incident that is so already changes nothing. */
export const effect = defineEffect({
  name: 'change-page',
  title: 'the change in PagerDuty',
  apply: makeChange,
  find: async (context) => {
    const { page, change } = findChange(context.view.state, context.key, context.of);
    // To do these again is to find them done.
    if (!('escalate' in change) && !('note' in change)) return makeChange(context);
    const id = page.pager?.id ?? (await findId(context, page));
    return (await context.pager.isMade(id, change, context.begunAt, context.signal)) ? {} : undefined;
  },
});

async function makeChange(context: EffectContext): Promise<EffectResult> {
  const { page, change, by } = findChange(context.view.state, context.key, context.of);
  try {
    const id = page.pager?.id ?? (await findId(context, page));
    await context.pager.change(id, change, await emailOf(context, by), context.signal);
  } catch (thrown) {
    // The next level must not be paged meanwhile; who it was is said once the first way works.
    const isTold = await tellByEvent(context, page, change);
    if (isTold && page.pager === undefined) return {};
    throw thrown;
  }
  return {};
}

/** What was paged by the second way only has an id that nobody told. */
async function findId({ view, pager, signal }: EffectContext, page: PageState): Promise<string> {
  const there = await pager.find(pageKeyAt(view.state.opening, page.key), signal);
  if (there !== undefined) return there.id;
  throw new DrError({
    code: 'PAGER_UNREACHABLE',
    message: 'PagerDuty has no incident of this page yet.',
    action: 'It is tried again.',
    retryable: true,
  });
}

/** By the second way, which knows an incident by its key and takes these two changes only; false where that does not work either. */
async function tellByEvent(context: EffectContext, { key }: PageState, change: PagerChange): Promise<boolean> {
  const { view, events, settings, signal } = context;
  if (!settings.pager.events || !('status' in change)) return false;
  const action = change.status === 'resolved' ? 'resolve' : 'acknowledge';
  try {
    await events.send(action, describePage({ view, of: effectOf(key).of }), signal);
    return true;
  } catch {
    return false;
  }
}

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
  const soon = AbortSignal.any([signal, AbortSignal.timeout(NAME_MS)]);
  return rooms.emailOf(by.user, soon).catch(() => undefined);
}
