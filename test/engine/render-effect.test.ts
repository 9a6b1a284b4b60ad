import { expect, test } from 'vitest';
import { nextTickAt, tickAt } from '../../src/engine/render-effect.ts';
import { at, contextOf, mitigated, resolved, working } from '../views/incident/story.ts';

const stateOf = (drafts: Parameters<typeof contextOf>[0]) => contextOf(drafts).view.state;

test('what messages say of the time is as of a full minute, later of five, and of the end once it is resolved', () => {
  const open = stateOf(working);
  expect(tickAt(open, at(7, 59))).toBe(at(7));
  expect(tickAt(open, at(18, 59))).toBe(at(15));
  expect(nextTickAt(open, at(7, 59))).toBe(at(8));
  const stopped = stateOf([...working, mitigated]);
  // The next status update is told by it, so it goes on.
  expect(tickAt(stopped, at(31))).toBe(at(30));
  expect(nextTickAt(stopped, at(14))).toBeUndefined();
  expect(tickAt(stateOf([...working, mitigated, resolved]), at(90))).toBe(at(38));
});
