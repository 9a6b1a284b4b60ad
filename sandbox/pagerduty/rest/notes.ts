import { isObject } from '../../slack/json.ts';
import { entryOf } from '../account.ts';
import { ApiError } from '../api-error.ts';
import { annotate, snooze } from '../change-incident.ts';
import { showNote } from '../show/show-account.ts';
import { showIncident } from '../show/show-incident.ts';
import { actOf } from './incidents.ts';
import { type Operation, ok } from './operation.ts';
import { needText, readWrapped } from './read-incident.ts';

const MOST_NOTES = 2_000;

/** Answers 200, not 201. */
const createNote: Operation = {
  method: 'POST',
  path: '/incidents/{id}/notes',
  from: true,
  run(account, request) {
    const incident = entryOf(account.incidents, request.variables['id'] ?? '');
    const content = needText(readWrapped(request.body, 'note'), 'content');
    if (incident.notes.length >= MOST_NOTES) throw new ApiError(400, 2019, 'Product Limit Reached');
    const act = actOf(request);
    const note = annotate(account, incident, act.agent?.id ?? '', content, act);
    return ok({ note: showNote(account, note) });
  },
};

const listNotes: Operation = {
  method: 'GET',
  path: '/incidents/{id}/notes',
  run(account, { variables }) {
    const { notes } = entryOf(account.incidents, variables['id'] ?? '');
    return ok({ notes: notes.toReversed().map((note) => showNote(account, note)) });
  },
};

const createSnooze: Operation = {
  method: 'POST',
  path: '/incidents/{id}/snooze',
  from: true,
  run(account, { variables, body }) {
    const incident = entryOf(account.incidents, variables['id'] ?? '');
    const duration = isObject(body) ? body['duration'] : undefined;
    if (typeof duration !== 'number') throw new ApiError(400, 1013, 'Snooze Duration is Invalid');
    snooze(account, incident, duration);
    return { status: 201, body: { incident: showIncident(account, incident) } };
  },
};

export const NOTE_OPERATIONS = [createNote, listNotes, createSnooze];
