import { type Arguments, needText, readJson, readText } from '../arguments.ts';
import { checkView } from '../blocks/check-view.ts';
import { isObject, type JsonObject } from '../json.ts';
import { LIMITS } from '../limits.ts';
import { showView } from '../shown.ts';
import { refuseWith, SlackError } from '../slack-error.ts';
import type { View } from '../slack-types.ts';
import { makeSecret, type Workspace } from '../workspace.ts';
import type { Method } from './method.ts';

const makeHash = (workspace: Workspace): string => `${Math.floor(workspace.now() / 1_000)}.${makeSecret().slice(0, 8)}`;

function readView(args: Arguments): JsonObject {
  const view = readJson(args, 'view', 'invalid_arguments');
  const findings = checkView(view);
  if (findings.length > 0 || !isObject(view)) throw refuseWith('invalid_arguments', findings);
  return view;
}

export function addView(workspace: Workspace, user: string, view: JsonObject, previous?: View): View {
  const id = workspace.nextId('V');
  const added: View = {
    id,
    user,
    view,
    hash: makeHash(workspace),
    rootId: previous?.rootId ?? id,
    previousId: previous?.id,
    errors: {},
    open: true,
  };
  workspace.views.set(id, added);
  return added;
}

export function changeView(workspace: Workspace, held: View, view: JsonObject): View {
  held.view = view;
  held.hash = makeHash(workspace);
  held.errors = {};
  return held;
}

const openViews = (workspace: Workspace, user: string): View[] =>
  [...workspace.views.values()].filter((view) => view.open && view.user === user);

export const openView: Method = ({ workspace, triggers }, args) => {
  const id = needText(args, 'trigger_id');
  const view = readView(args);
  const { user } = triggers.exchange(id);
  // A new modal takes the place of whatever was open.
  for (const other of openViews(workspace, user)) other.open = false;
  return { view: showView(workspace, addView(workspace, user, view)) };
};

export const pushView: Method = ({ workspace, triggers }, args) => {
  const id = needText(args, 'trigger_id');
  const view = readView(args);
  const { user } = triggers.exchange(id);
  const stack = openViews(workspace, user);
  const top = stack.at(-1);
  if (top === undefined) throw new SlackError('not_found');
  if (stack.length >= LIMITS.view.stack) throw new SlackError('push_limit_reached');
  return { view: showView(workspace, addView(workspace, user, view, top)) };
};

export const updateView: Method = ({ workspace }, args) => {
  const id = readText(args, 'view_id');
  const externalId = readText(args, 'external_id');
  const view = readView(args);
  const held = [...workspace.views.values()].find(
    (each) => each.open && (id === undefined ? each.view['external_id'] === externalId : each.id === id),
  );
  if (held === undefined) throw new SlackError('not_found');
  const hash = readText(args, 'hash');
  if (hash !== undefined && hash !== held.hash) throw new SlackError('hash_conflict');
  return { view: showView(workspace, changeView(workspace, held, view)) };
};
