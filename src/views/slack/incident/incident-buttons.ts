import type { Button } from '../../../domain/chat-message.ts';
import { type IncidentState, isResolved } from '../../../domain/incident.ts';
import { effectOf } from '../../../domain/incident-effects.ts';
import { ROLES } from '../../../domain/incident-events.ts';
import type { PageState } from '../../../domain/incident-pages.ts';
import { isAtPager } from '../../../domain/incident-paging.ts';
import { isUntaken } from '../../incident/pages.ts';
import { proposeRun } from '../../incident/runs.ts';
import type { IncidentShown } from '../../incident/shown.ts';
import { button, question } from '../buttons.ts';

/** Each command line names its incident: a button works wherever it is clicked. */

export function listCardButtons(shown: IncidentShown): Button[] {
  const { state } = shown;
  const { incident } = state.opening;
  const open = isResolved(state) ? [] : [...ackButtons(shown), ...planButtons(shown), ...roleButtons(shown)];
  return [
    ...open,
    ...escalateButtons(shown),
    button('details', 'Details', `status ${incident}`),
    button('timeline', 'Timeline', `timeline ${incident}`),
  ];
}

/** For whoever is on call first, then for those who were paged by name. */
function ackButtons({ state }: IncidentShown): Button[] {
  const untaken = [...state.pages.values()].filter((page) => isUntaken(state, page));
  const page = untaken.find(({ who }) => who === undefined) ?? untaken[0];
  return page === undefined ? [] : [ackButton(state, page)];
}

export function ackButton({ pages, opening }: IncidentState, { key, who }: PageState): Button {
  const isOnly = who === undefined || pages.size === 1;
  const which = isOnly ? '' : ` --page ${effectOf(key).of}`;
  return { ...button('ack', 'Acknowledge', `ack ${opening.incident}${which}`), style: 'primary' };
}

/** It plans only: nothing is changed before somebody approves the plan. */
function planButtons(shown: IncidentShown): Button[] {
  const proposed = proposeRun(shown);
  return proposed === undefined ? [] : [button('plan', `Plan ${proposed.what}`, proposed.command)];
}

function roleButtons({ state: { roles, opening } }: IncidentShown): Button[] {
  return ROLES.filter((role) => !roles.has(role)).map((role) =>
    button(`role-${role}`, `Be ${role}`, `role ${role} me --incident ${opening.incident}`),
  );
}

function escalateButtons({ state }: IncidentShown): Button[] {
  const { incident } = state.opening;
  const isThere = [...state.pages.values()].some((page) => page.status !== 'resolved' && isAtPager(state, page));
  if (isResolved(state) || !isThere) return [];
  const what = 'PagerDuty pages the next level of the escalation policy, at once and whatever the hour.';
  return [
    {
      ...button('escalate', 'Escalate', `escalate ${incident}`),
      style: 'danger',
      confirm: { ...question('Page the next level?', what, 'Escalate', 'Not yet'), style: 'danger' },
    },
  ];
}

export function slotButtons({ state, stale }: IncidentShown, slot: number): Button[] {
  const { incident } = state.opening;
  const post: Button = {
    ...button('update-post', 'Post', `update --post ${slot} --incident ${incident}`),
    style: 'primary',
  };
  return [
    ...(stale.length === 0 ? [post] : []),
    button('update-edit', 'Edit', `update --edit ${slot} --incident ${incident}`),
  ];
}
