import { describe, expect, test } from 'vitest';
import { tokenize } from '../../src/domain/command-line.ts';
import { composeLine, type Modal, sayInWords } from '../../src/domain/modal.ts';

const DECLARE: Modal = {
  title: 'Declare an incident',
  submit: 'Declare',
  command: 'declare',
  inputs: [
    { id: 'title', label: 'What is wrong', as: 'argument', type: 'text' },
    {
      ...{ id: 'severity', label: 'Severity', as: 'option', type: 'select', initial: 'sev2' },
      choices: [
        { value: 'sev1', label: 'sev1: all is lost' },
        { value: 'sev2', label: 'sev2' },
      ],
    },
    { id: 'service', label: 'Service', as: 'option', type: 'text', optional: true },
    { id: 'private', label: 'Private', as: 'option', type: 'checkbox', text: 'Only who is invited sees it' },
  ],
};
const words = (values: Record<string, string | true>) =>
  tokenize(composeLine(DECLARE, new Map(Object.entries(values))));

describe('a submission is a command line', () => {
  test('with all that was filled in', () => {
    const values = { title: 'the shop is down', severity: 'sev1', service: 'shop front', private: true as const };
    expect(words(values)).toEqual({
      tokens: ['declare', '--severity=sev1', '--service=shop front', '--private', '--', 'the shop is down'],
    });
  });

  test('without what was left empty', () => {
    expect(words({ title: '  ', severity: 'sev2', service: '' })).toEqual({ tokens: ['declare', '--severity=sev2'] });
    expect(words({})).toEqual({ tokens: ['declare'] });
  });

  test.each(['--private', '"; abort r1', 'a\nb\tc', '\\"', "it's “down”", '$(id) `id`', '--', '🔥 ü', 'a=b'])(
    'whatever is written into a field stays in it: %j',
    (title) => {
      expect(words({ title, service: title })).toEqual({
        tokens: ['declare', `--service=${title}`, '--', title],
      });
    },
  );
});

test('where there is no form, it says what to type', () => {
  expect(sayInWords(DECLARE)).toBe(
    'Type it in one line: dr declare "<title>" --severity <severity> [--service <service>] [--private]',
  );
});
