import { checkView } from '../blocks/check-view.ts';
import { isObject, type Json, type JsonObject, objectsIn } from '../json.ts';
import { addView, changeView } from '../methods/views.ts';
import { findUser } from '../names.ts';
import { showView } from '../shown.ts';
import type { User, View } from '../slack-types.ts';
import type { Workspace } from '../workspace.ts';
import { showActor, showTeam } from './block-actions.ts';
import type { Delivery } from './courier.ts';
import { sendPayload } from './press.ts';
import type { Desk } from './send-command.ts';
import { type Filled, fillView } from './view-values.ts';

export interface Submission {
  user: string;
  /** Left out: the one on top. */
  viewId?: string;
  values?: Filled;
}

export function topView(workspace: Workspace, user: User): View | undefined {
  return [...workspace.views.values()].findLast((view) => view.open && view.user === user.id);
}

function needView({ workspace }: Desk, { user: name, viewId }: Submission): { user: User; view: View } {
  const user = findUser(workspace, name);
  const view = viewId === undefined ? topView(workspace, user) : workspace.views.get(viewId);
  if (view === undefined || !view.open || view.user !== user.id) throw new Error(`${user.name} has no such modal open`);
  return { user, view };
}

function payloadOf(desk: Desk, user: User, view: View, type: string): JsonObject {
  const { workspace } = desk;
  return {
    type,
    team: showTeam(workspace),
    user: showActor(workspace, user),
    api_app_id: workspace.appId,
    token: desk.verificationToken,
    trigger_id: desk.triggers.issue(user.id, view.id),
    view: JSON.parse(JSON.stringify(showView(workspace, view))) as JsonObject,
    response_urls: [],
    is_enterprise_install: false,
    enterprise: null,
  };
}

function closeAll(workspace: Workspace, user: string): void {
  for (const view of workspace.views.values()) if (view.user === user) view.open = false;
}

function showErrors(workspace: Workspace, view: View, errors: Json | undefined): void {
  const blocks = objectsIn(view.view['blocks']).filter(({ type }) => type === 'input');
  const known = blocks.map(({ block_id }) => block_id);
  const entries = isObject(errors) ? Object.entries(errors) : [];
  const stray = entries.filter(([block, text]) => !known.includes(block) || typeof text !== 'string' || text === '');
  if (entries.length === 0 || stray.length > 0)
    workspace.violations.push(`view_submission: errors must name input blocks: ${JSON.stringify(errors ?? null)}`);
  view.errors = Object.fromEntries(entries.map(([block, text]) => [block, String(text)]));
}

/** What the app's acknowledgement does with the modal. */
function applyAck(workspace: Workspace, view: View, ack: JsonObject): void {
  const action = ack['response_action'];
  if (action === undefined) view.open = false;
  else if (action === 'clear') closeAll(workspace, view.user);
  else if (action === 'errors') showErrors(workspace, view, ack['errors']);
  else if (action === 'update' || action === 'push') {
    const { view: next } = ack;
    const findings = checkView(next);
    if (findings.length > 0 || !isObject(next)) workspace.violations.push(...findings.map((each) => `view: ${each}`));
    else if (action === 'update') changeView(workspace, view, next);
    else addView(workspace, view.user, next, view);
  } else workspace.violations.push(`view_submission: unknown response_action ${JSON.stringify(action)}`);
}

export const NO_ANSWER = 'We had some trouble connecting. Try again?';

/** A person presses a modal's submit button. */
export async function submitView(desk: Desk, submission: Submission): Promise<Delivery> {
  const { user, view } = needView(desk, submission);
  const values = fillView(view, submission.values ?? {});
  const payload = payloadOf(desk, user, view, 'view_submission');
  const shown = isObject(payload['view']) ? payload['view'] : {};
  const delivery = await sendPayload(desk, { ...payload, view: { ...shown, state: { values } } });
  if (delivery.error !== undefined) view.errors = { '': NO_ANSWER };
  else applyAck(desk.workspace, view, isObject(delivery.body) ? delivery.body : {});
  return delivery;
}

/** A person closes a modal; the app hears of it only if it asked to. */
export async function closeView(desk: Desk, submission: Submission): Promise<Delivery | undefined> {
  const { user, view } = needView(desk, submission);
  view.open = false;
  if (view.view['notify_on_close'] !== true) return undefined;
  return sendPayload(desk, { ...payloadOf(desk, user, view, 'view_closed'), is_cleared: false });
}
