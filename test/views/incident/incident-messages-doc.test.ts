import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { renderDraft } from '../../../src/views/incident/draft.ts';
import { renderPage } from '../../../src/views/incident/page.ts';
import { renderTopic } from '../../../src/views/incident/room.ts';
import { renderIncidentStatus } from '../../../src/views/incident/status.ts';
import { renderTimeline } from '../../../src/views/incident/timeline.ts';
import { renderIncidentMessage } from '../../../src/views/slack/incident/render-incident-message.ts';
import { showMessage } from '../slack/show-message.ts';
import * as story from './story.ts';

const FILE = join(import.meta.dirname, '../../../docs/incident-messages.md');
const INTRO = `# What Muster says about an incident

Each message as text, built by the views from one incident that a test makes up. The card, the announcement, what stakeholders are told, the
reminder and the call to everybody are edited in place. Bold is \`*...*\`, a link \`<...>\`, a button \`[Label: command line]\`. Times are UTC
and absolute; what has run since the declaration says as of when. \`SEV1 OPEN\` in a line of its own with \`##\` is shown large.
\`UPDATE_DOCS=1 npx vitest run --project unit test/views/incident/incident-messages-doc.test.ts\` writes this page.
`;

const { contextOf, working, declared, begun, delayed, refused, at } = story;

const opening = contextOf([declared, story.alerted], { now: at(0) });
const taken = contextOf(working, { now: at(3), backup: story.BACKUP });
const unpaged = [declared, begun('page:1', 'page-by-event:1'), delayed('page:1', 'PagerDuty does not answer.')];
const failing = contextOf(
  [...unpaged, refused('page-by-event:1', 'PagerDuty answers 400: the routing key is not valid.')],
  { now: at(1) },
);
const restoring = [
  ...working,
  story.linked,
  begun('tell:C0STAKE'),
  delayed('tell:C0STAKE', 'Slack answers 500.'),
  story.half,
];
const half = contextOf(restoring, { now: at(8), runs: [story.RESTORING], backup: story.BACKUP });
const due = [...working, story.linked, ...story.over, story.drafted];
const late = contextOf(due, { now: at(16), runs: [story.RESTORING], backup: story.BACKUP });
const answered = contextOf([...due, story.updated], { now: at(17), runs: [story.RESTORING], backup: story.BACKUP });
const clear = [...working, story.linked, story.half, story.mitigated, story.clear];
const mitigated = contextOf(clear, { now: at(14), runs: [story.RECOVERED], backup: story.BACKUP });
const resolved = contextOf([...clear, story.resolved], { now: at(38), runs: [story.RECOVERED], backup: story.BACKUP });

const message = (key: string, context: typeof taken) => showMessage(renderIncidentMessage(key, context));
const SCENES: [string, string][] = [
  ['What PagerDuty is told', Object.values(renderPage(opening.view.state, 'page:1')).join('\n')],
  ['The announcement, at once', message('announce', opening)],
  ['The announcement, once the room is open', message('announce', taken)],
  ["The room's topic", renderTopic(half.view.state)],
  ['The card, within a second', message('post-card', opening)],
  ['The card, once somebody has it', message('post-card', taken)],
  ['The card, while PagerDuty cannot be reached', message('post-card', failing)],
  ['The call to everybody', message('page-aloud:1', failing)],
  ['The call, once PagerDuty pages', message('page-aloud:1', contextOf([...unpaged, story.paged]))],
  ['The card, half of the time used up, something of it late', message('post-card', half)],
  ['The card, over the target', message('post-card', late)],
  ['A status update is due', message('remind:1', late)],
  ['The reminder, answered', message('remind:1', answered)],
  ['A draft, in full', renderDraft(mitigated)],
  ['The status update', message('post-update:1', answered)],
  ['What stakeholders are told', message('tell:C0STAKE', answered)],
  ['The card, mitigated and with all alerts resolved', message('post-card', mitigated)],
  ['The card, resolved', message('post-card', resolved)],
  ['The announcement, resolved', message('announce', resolved)],
  ['What stakeholders are told, resolved', message('tell:C0STAKE', resolved)],
  ['dr status, over the target', renderIncidentStatus(late).join('\n')],
  ['dr timeline, resolved', renderTimeline(resolved.view, { chores: false }).join('\n')],
];

test('docs/incident-messages.md is what the views say', async () => {
  const scenes = SCENES.map(([title, shown]) => [`## ${title}`, '```text', shown, '```', ''].join('\n'));
  const text = [INTRO, ...scenes].join('\n');
  if (process.env['UPDATE_DOCS'] !== undefined) await writeFile(FILE, text);
  expect(await readFile(FILE, 'utf8')).toBe(text);
});
