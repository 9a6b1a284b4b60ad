import { expect, test } from 'vitest';
import { renderOnCall } from '../../../src/views/incident/people.ts';
import { showIncident } from '../../../src/views/incident/shown.ts';
import * as story from './story.ts';

const { begun, done, delayed, refused, declared } = story;
const OLIVE = { name: 'Olive On-call', pager: 'P1', level: 1 };
const found = [
  ...[declared, begun('find-on-call')],
  ...[done('find-on-call', { responders: [{ ...OLIVE, unmatched: true }] }), begun('match-on-call')],
];
const saying = (...more: story.Draft[]) =>
  renderOnCall(showIncident(story.contextOf([...found, ...more]))).map(({ text }) => text);

test('who is on call is said while Slack is away, and nobody is called missing there', () => {
  expect(saying(delayed('match-on-call', 'Slack cannot be reached.'))).toEqual([
    'On call: Olive On-call (level 1)',
    'Slack cannot yet be asked who that is there: Olive On-call. Muster keeps trying: Slack cannot be reached.',
  ]);
  expect(saying(refused('match-on-call', 'A scope is missing.'))[1]).toBe(
    'Slack cannot be asked who that is there: Olive On-call. Invite them by hand: A scope is missing.',
  );
});

test('once Slack answers, they go by their mention, or are said not to be there', () => {
  expect(saying(done('match-on-call', { responders: [{ ...OLIVE, slack: 'U0OLIVE' }] }))).toEqual([
    'On call: Olive On-call <@U0OLIVE> (level 1)',
  ]);
  expect(saying(done('match-on-call', { responders: [OLIVE] }))[1]).toContain('could NOT be called into the room');
});
