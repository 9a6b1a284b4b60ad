import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { PostContext, PostKind } from '../../../src/domain/post-context.ts';
import { renderPost } from '../../../src/views/slack/render-post.ts';
import { showMessage } from './show-message.ts';
import * as story from './story.ts';

const FILE = join(import.meta.dirname, '../../../docs/messages.md');
const INTRO = `# What Muster says in the channel

Each message as text, built by the views from one run that a test makes up. A message is edited before a new one is posted; only people who
have something to do are mentioned. Bold is \`*...*\`, a link \`<...>\`, a button \`[Label: command line]\`. Times are UTC and absolute.
\`UPDATE_DOCS=1 npx vitest run --project unit test/views/slack/messages-doc.test.ts\` writes this page.
`;

const { contextOf, asked, planned, approved, running } = story;
const progress = 'velero: 9 of 14 items restored';
const SCENES: [string, PostKind, PostContext][] = [
  ['The card, within a second', 'card', contextOf([asked])],
  ['The card, once it is planned', 'card', contextOf([asked, planned])],
  ['The plan asks for approval', 'plan', contextOf([asked, planned])],
  [
    'The plan, when the policy lets nobody approve',
    'plan',
    contextOf([asked, planned], { approvers: { users: [], groups: [], breakGlass: [] } }),
  ],
  ['The reminder', 'reminder', contextOf([asked, planned])],
  ['The plan, approved', 'plan', contextOf([asked, planned, approved])],
  ['The plan, rejected', 'plan', contextOf([asked, planned, story.rejected])],
  ['The plan, void', 'plan', contextOf([asked, planned, approved, story.voided])],
  ['The plan, expired', 'plan', contextOf([asked, planned, story.expired])],
  ['The glass is broken', 'glass', contextOf([asked, planned, story.glass])],
  ['The card, while it restores', 'card', contextOf(running, { progress })],
  ['The run is parked', 'parked', contextOf([...running, story.parkedInDoubt])],
  ['The card of a parked run', 'card', contextOf([...running, story.parkedInDoubt])],
  ['Asked for where Muster is not let in (direct message)', 'elsewhere', contextOf([asked])],
  ['The end: recovered', 'end', contextOf(story.recovered)],
  ['The card, in the end', 'card', contextOf(story.recovered)],
  ['The end: aborted', 'end', contextOf([...running, story.abortRequested, story.aborted])],
  ['The end: rejected', 'end', contextOf([asked, planned, story.rejected])],
];

test('docs/messages.md is what the views say', async () => {
  const scenes = SCENES.map(([title, kind, context]) =>
    [`## ${title}`, '```text', showMessage(renderPost(kind, context)), '```', ''].join('\n'),
  );
  const text = [INTRO, ...scenes].join('\n');
  if (process.env['UPDATE_DOCS'] !== undefined) await writeFile(FILE, text);
  expect(await readFile(FILE, 'utf8')).toBe(text);
});
