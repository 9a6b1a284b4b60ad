import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AppsManifestCreateArguments } from '@slack/web-api';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import {
  BOT_EVENTS,
  BOT_SCOPES,
  renderSlackManifest,
  SLASH_COMMAND,
  TIMELINE_SHORTCUT,
} from '../../src/domain/slack-app.ts';
import { ROOT } from '../architecture/source.ts';

/** Slack's own words for what may stand in a manifest. */
type Manifest = AppsManifestCreateArguments['manifest'];

const FILE = join(ROOT, 'deploy/slack-app.yaml');
const PLACEHOLDER = 'https://muster.example.com';
const SOCKET_FILE = join(ROOT, 'deploy/slack-app-socket.yaml');
const SOCKET_INTRO = `# Muster's Slack app with Socket Mode: https://api.slack.com/apps, "Create New App", "From a manifest". There is nothing to fill in.
# Written from src/domain/slack-app.ts by: UPDATE_DOCS=1 npx vitest run test/deploy/slack-app.test.ts
`;
const INTRO = `# Muster's Slack app: https://api.slack.com/apps, "Create New App", "From a manifest". Put your own host in the three places.
# Written from src/domain/slack-app.ts by: UPDATE_DOCS=1 npx vitest run test/deploy/slack-app.test.ts
`;
const scopes = BOT_SCOPES.map(({ scope }) => scope);

test.each([
  [FILE, INTRO + renderSlackManifest({ baseUrl: PLACEHOLDER })],
  [SOCKET_FILE, SOCKET_INTRO + renderSlackManifest({ socketMode: true })],
])('%s is what the list says', (file, text) => {
  if (process.env['UPDATE_DOCS'] !== undefined) writeFileSync(file, text);
  expect(readFileSync(file, 'utf8')).toBe(text);
});

test('the manifest is one that Slack takes: its fields, its lengths, one address', () => {
  const manifest = parse(readFileSync(FILE, 'utf8')) as Manifest;
  const { display_information: shown, features, oauth_config: oauth, settings } = manifest;
  const address = `${PLACEHOLDER}/slack/events`;
  expect(Object.keys(manifest)).toEqual(['display_information', 'features', 'oauth_config', 'settings']);
  expect(shown.name.length).toBeLessThanOrEqual(35);
  expect(shown.description?.length).toBeLessThanOrEqual(140);
  expect(features?.bot_user?.display_name).toMatch(/^[a-z0-9-_.]{1,80}$/);
  expect(features?.slash_commands).toEqual([
    {
      command: '/dr',
      url: address,
      description: SLASH_COMMAND.description,
      usage_hint: SLASH_COMMAND.usageHint,
      should_escape: true,
    },
  ]);
  const { callbackId: callback_id, name, description } = TIMELINE_SHORTCUT;
  expect(features?.shortcuts).toEqual([{ name, type: 'message', callback_id, description }]);
  expect(name.length).toBeLessThanOrEqual(24);
  expect(description.length).toBeLessThanOrEqual(150);
  expect(SLASH_COMMAND.description.length).toBeLessThanOrEqual(2_000);
  expect(oauth?.scopes).toEqual({ bot: scopes });
  expect(settings?.interactivity).toEqual({ is_enabled: true, request_url: address });
  expect(settings?.event_subscriptions).toEqual({ request_url: address, bot_events: BOT_EVENTS });
  expect(settings?.socket_mode_enabled).toBe(false);
});

test('each scope is one that Slack has for bots, is asked for once, and says what needs it', () => {
  const types = readFileSync(join(ROOT, 'node_modules/@slack/web-api/dist/types/request/manifest.d.ts'), 'utf8');
  const known = (name: string): string[] =>
    types.match(new RegExp(`^type ${name} = (.*);$`, 'm'))?.[1]?.match(/[^' |]+/g) ?? [];
  expect(known('BotScope').length).toBeGreaterThan(50);
  expect(scopes.filter((scope) => !known('BotScope').includes(scope))).toEqual([]);
  expect(BOT_EVENTS.filter((event) => !known('ManifestEvent').includes(event))).toEqual([]);
  expect(new Set(scopes).size).toBe(scopes.length);
  expect(BOT_SCOPES.filter(({ needs, why }) => needs.length === 0 || why === '')).toEqual([]);
  expect(new Set(BOT_EVENTS).size).toBe(BOT_EVENTS.length);
});

test('another host changes the addresses; Socket Mode has none, and is the same in all else', () => {
  const text = renderSlackManifest({ baseUrl: 'https://dr.example.org/' });
  expect(text.match(/https:\/\/[^"]+/g)).toEqual(Array(3).fill('https://dr.example.org/slack/events'));
  const socket = renderSlackManifest({ socketMode: true });
  expect(socket).not.toContain('https://');
  const isAddress = (line: string) => line.includes('https://');
  expect(socket.split('\n')).toEqual(
    text
      .replace('socket_mode_enabled: false', 'socket_mode_enabled: true')
      .split('\n')
      .filter((line) => !isAddress(line)),
  );
});

test('README.md says how to connect Slack, with what the manifest holds', () => {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const section = readme.split('<!-- connect-slack -->')[1] ?? '';
  for (const said of [
    'deploy/slack-app.yaml',
    'deploy/slack-app-socket.yaml',
    'connections:write',
    `\`${SLASH_COMMAND.command} help\``,
    `${scopes.length} scopes`,
  ])
    expect(section).toContain(said);
  for (const variable of ['SLACK_BOT_TOKEN', 'SLACK_SIGNING_SECRET', 'SLACK_APP_TOKEN', 'SLACK_INCIDENTS_CHANNEL'])
    expect(section).toContain(variable);
});
