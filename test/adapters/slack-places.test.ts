import { describe, expect, test } from 'vitest';
import { findAnswerUrl, findPlaces, findUploadUrl, isSocketUrl } from '../../src/adapters/slack-places.ts';

const slack = findPlaces('https://slack.com/api/');

test.each([
  ['https://slack.com/api/', 'https://slack.com/api/'],
  ['https://slack.com/api', 'https://slack.com/api/'],
  ['http://127.0.0.1:3001', 'http://127.0.0.1:3001/api/'],
  ['http://127.0.0.1:3001/', 'http://127.0.0.1:3001/api/'],
  ['http://proxy/slack/api//', 'http://proxy/slack/api/'],
])('SLACK_API_URL=%s', (given, api) => {
  expect(findPlaces(given).api).toBe(api);
});

describe('answers', () => {
  test.each([
    ['https://hooks.slack.com/actions/T1/2/x?a=b', 'https://hooks.slack.com/actions/T1/2/x?a=b'],
    ['http://me:pw@hooks.slack.com//evil.example/x', 'https://hooks.slack.com//evil.example/x'],
    ['https://hooks.slack.com:444/x', undefined],
    ['https://hooks.slack.com.evil.example/x', undefined],
    ['https://evil.example/hooks.slack.com', undefined],
    ['https://slack.com/x', undefined],
    ['not an address', undefined],
  ])('of Slack itself: %s', (given, expected) => {
    expect(findAnswerUrl(given, slack)?.href).toBe(expected);
  });

  test('never leave for Slack when something stands in for it', () => {
    const local = findPlaces('http://127.0.0.1:3001/api');
    expect(findAnswerUrl('https://hooks.slack.com/x', local)).toBeUndefined();
    expect(findAnswerUrl('http://127.0.0.1:3001/x', local)?.href).toBe('http://127.0.0.1:3001/x');
    expect(findAnswerUrl('http://127.0.0.1:3002/x', local)).toBeUndefined();
  });
});

test.each([
  ['https://files.slack.com/upload/v1/x', true],
  ['http://files.slack.com/upload/v1/x', false],
  ['https://files.slack.com.evil.example/x', false],
  ['http://127.0.0.1/x', false],
])('files: %s', (given, taken) => {
  expect(findUploadUrl(given, slack) !== undefined).toBe(taken);
});

test.each([
  ['wss://wss-primary.slack.com/link/?ticket=1', true],
  ['wss://slack.com/link', true],
  ['ws://wss-primary.slack.com/link', false],
  ['https://wss-primary.slack.com/link', false],
  ['wss://slack.com.evil.example/link', false],
  ['wss://evilslack.com/link', false],
  ['wss://slack.com@evil.example/link', false],
  ['not an address', false],
])('web sockets: %s', (given, taken) => {
  expect(isSocketUrl(given, slack)).toBe(taken);
});

test('web sockets never leave for Slack when something stands in for it', () => {
  const local = findPlaces('http://127.0.0.1:3001/api');
  expect(isSocketUrl('ws://127.0.0.1:3002/link', local)).toBe(true);
  expect(isSocketUrl('wss://127.0.0.1:3002/link', local)).toBe(false);
  expect(isSocketUrl('ws://169.254.169.254/link', local)).toBe(false);
  expect(isSocketUrl('wss://wss-primary.slack.com/link', local)).toBe(false);
});
