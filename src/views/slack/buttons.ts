import type { Button, Confirm } from '../../domain/chat-message.ts';
import { formatDuration } from '../../domain/duration.ts';
import { BackupFact, type Plan, SkipFact } from '../../domain/plan.ts';
import type { RunState } from '../../domain/run.ts';
import { cutPlain } from './cut-text.ts';

/** Each button's value is a command line; the digest in it binds the click to the plan that was shown. */

/** Long enough that no two plans of a run share it. */
const DIGEST_SHOWN = 16;

export function approveButton(state: RunState, plan: Plan): Button {
  const { run } = state.request;
  return {
    ...button('approve', 'Approve', `approve ${run} ${plan.digest.slice(0, DIGEST_SHOWN)}`),
    style: 'primary',
    confirm: {
      ...question(`Approve run ${run}?`, describeBinding(state, plan), 'Approve', 'Not yet'),
      style: 'primary',
    },
  };
}

export function rejectButton(state: RunState, plan: Plan): Button {
  const { run, target } = state.request;
  const end = `The run ends and nothing is changed in ${target.namespace}. Whoever still wants it asks again.`;
  return {
    ...button('reject', 'Reject', `reject ${run} ${plan.digest.slice(0, DIGEST_SHOWN)}`),
    style: 'danger',
    confirm: { ...question(`Reject run ${run}?`, end, 'Reject', 'Not yet'), style: 'danger' },
  };
}

export function abortButton({ request: { run, target } }: RunState): Button {
  const what =
    'Nothing further is started and the target becomes free. Velero has no cancel: what it has begun goes on until it ends by itself, ' +
    `and the report names it. ${cutPlain(target.namespace, 63)} is then not verified.`;
  return {
    ...button('abort', 'Abort', `abort ${run}`),
    style: 'danger',
    confirm: { ...question(`Abort run ${run}?`, what, 'Abort', 'Keep going'), style: 'danger' },
  };
}

export function retryButton({ request: { run }, plan }: RunState): Button {
  const what =
    plan === undefined
      ? 'The run is planned afresh; the new plan needs a new approval.'
      : 'The run goes on: it looks at its target first and repeats nothing that took effect.';
  return {
    ...button('retry', 'Retry', `retry ${run}`),
    style: 'primary',
    confirm: question(`Retry run ${run}?`, what, 'Retry', 'Not yet'),
  };
}

export function detailsButton({ request: { run } }: RunState): Button {
  return button('details', 'Details', `status ${run}`);
}

/** What an approver says yes to, so short that all of it fits. */
function describeBinding({ request, plannedAt }: RunState, plan: Plan): string {
  const { namespace, cluster } = request.target;
  const where = `Namespace ${cutPlain(namespace, 63)} on cluster ${cutPlain(cluster, 36)}`;
  const lines = plan.parts.flatMap(({ facts }) => {
    const { name, startTimestamp = '' } = BackupFact.catch({}).parse(facts['backup']);
    if (name === undefined) return [];
    const { count } = SkipFact.catch({ count: 0 }).parse(facts['skip']);
    const age = (plannedAt ?? 0) - Date.parse(startTimestamp);
    const data = Number.isNaN(age)
      ? 'Age of the data: unknown'
      : `Data as of ${cutPlain(startTimestamp, 24)} (${formatDuration(age)} before the plan)`;
    return [`Backup ${cutPlain(name, 64)}`, data, `${count} objects exist and stay as they are`];
  });
  return [where, ...lines].join('\n');
}

export function button(id: string, text: string, value: string): Button {
  return { type: 'button', action_id: `dr-${id}`, text: { type: 'plain_text', text }, value };
}

export function question(title: string, text: string, confirm: string, deny: string): Confirm {
  const plain = (words: string) => ({ type: 'plain_text', text: words }) as const;
  return { title: plain(title), text: plain(text), confirm: plain(confirm), deny: plain(deny) };
}
