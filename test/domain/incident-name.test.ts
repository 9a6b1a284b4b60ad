import { expect, test } from 'vitest';
import { parseIncidentName } from '../../src/domain/incident-name.ts';

test.each([
  ['20261126-174158', { incident: '20261126-174158' }],
  ['20261126-174158-2', { incident: '20261126-174158-2' }],
  ['incident-20261126-174158', { incident: '20261126-174158' }],
  ['#incident-20261126-174158-2', { incident: '20261126-174158-2' }],
  ['#Incident-20261126-174158', { incident: '20261126-174158' }],
  ['<#C0123ABC>', { channel: 'C0123ABC' }],
  ['<#C0123ABC|incident-20261126-174158>', { channel: 'C0123ABC' }],
  ['#incident-shop', { room: 'incident-shop' }],
])('%s', (text, name) => {
  expect(parseIncidentName(text)).toEqual(name);
});

test.each([
  '',
  '#',
  'k7m2qd',
  'shop',
  '20261126',
  '20261126-174158-',
  '2026-1126',
  '../x',
  '*',
  'incident-',
  'incident-a b',
])('%j is no name of an incident', (text) => {
  expect(parseIncidentName(text)).toBeUndefined();
});
