/**
 * What Muster asks of a Slack workspace: the one list that the app's manifest, `doctor` and the guides are made from.
 * Scopes by method: https://docs.slack.dev/reference/methods, "Bot token" of each page.
 */

export interface BotScope {
  scope: string;
  /** The Web API methods, and `event ...` the events, that need it. */
  needs: readonly string[];
  /** What for, as a clause. */
  why: string;
}

/** Nothing of group direct messages, of other apps, of joining channels unasked, or of posting where nobody invited the bot. */
export const BOT_SCOPES: readonly BotScope[] = [
  { scope: 'commands', needs: ['slash command /dr'], why: 'people give commands, buttons and modals answer' },
  {
    scope: 'chat:write',
    needs: ['chat.postMessage', 'chat.update', 'chat.postEphemeral'],
    why: 'the card, the status updates, plans and answers',
  },
  {
    scope: 'channels:manage',
    needs: [
      ...['conversations.create', 'conversations.invite', 'conversations.setTopic', 'conversations.setPurpose'],
      'conversations.archive',
    ],
    why: 'opens the incident channel and calls people in',
  },
  {
    scope: 'channels:read',
    needs: ['conversations.list', 'conversations.info', 'event member_joined_channel', 'event channel_archive'],
    why: 'finds a channel by its name, and its own channel again after a crash',
  },
  {
    scope: 'channels:history',
    needs: ['conversations.history', 'conversations.replies', 'event message.channels'],
    why: 'finds its own messages again after a crash, by their metadata; notes activity',
  },
  {
    scope: 'groups:write',
    needs: [
      ...['conversations.create', 'conversations.invite', 'conversations.setTopic', 'conversations.setPurpose'],
      'conversations.archive',
    ],
    why: 'the same for an incident that is declared --private',
  },
  {
    scope: 'groups:read',
    needs: ['conversations.list', 'conversations.info', 'event member_joined_channel', 'event group_archive'],
    why: 'the same for a private channel that the bot is in',
  },
  {
    scope: 'groups:history',
    needs: ['conversations.history', 'conversations.replies', 'event message.groups'],
    why: 'the same for a private channel that the bot is in',
  },
  { scope: 'im:write', needs: ['conversations.open'], why: 'tells one person what only that person needs to know' },
  {
    scope: 'im:history',
    needs: ['conversations.history', 'event message.im'],
    why: 'answers who writes to the bot; finds its own direct messages again after a crash',
  },
  {
    scope: 'users:read',
    needs: ['users.info'],
    why: 'refuses guests, bots and strangers; names people in the timeline',
  },
  {
    scope: 'users:read.email',
    needs: ['users.lookupByEmail'],
    why: 'finds the person whom PagerDuty has on call, who is known there by e-mail',
  },
  {
    scope: 'usergroups:read',
    needs: ['usergroups.users.list'],
    why: 'the policy may name Slack user groups',
  },
  { scope: 'pins:write', needs: ['pins.add'], why: 'pins the incident card' },
  {
    scope: 'pins:read',
    needs: ['pins.list', 'event pin_added', 'event pin_removed'],
    why: 'what people pin goes into the timeline',
  },
  { scope: 'bookmarks:write', needs: ['bookmarks.add', 'bookmarks.edit'], why: 'links to the alert and the runbook' },
  { scope: 'bookmarks:read', needs: ['bookmarks.list'], why: 'sets no bookmark twice after a crash' },
  {
    scope: 'reactions:read',
    needs: ['event reaction_added', 'event reaction_removed'],
    why: 'a message that people mark goes into the timeline',
  },
  {
    scope: 'files:write',
    needs: ['files.getUploadURLExternal', 'files.completeUploadExternal'],
    why: 'logs and the post-mortem, which are too long for a message',
  },
  { scope: 'files:read', needs: ['files.info'], why: 'uploads nothing twice after a crash' },
];

/** The `event ...`s of the list above. */
export const BOT_EVENTS: readonly string[] = [...new Set(BOT_SCOPES.flatMap(({ needs }) => needs))]
  .flatMap((need) => (need.startsWith('event ') ? [need.slice('event '.length)] : []))
  .sort();

export const SLASH_COMMAND = {
  command: '/dr',
  description: 'Declare incidents, restore from backups, see what is going on. Start with /dr help',
  usageHint: 'help | declare <title> | status | restore namespace <ns> | approve <run>',
} as const;

/** In the menu of every message. */
export const TIMELINE_SHORTCUT = {
  callbackId: 'dr-timeline',
  name: 'Add to timeline',
  description: "Puts the message into the timeline of the room's incident, as a pin does",
} as const;

/** Where Slack reaches Muster, `https://muster.example.com`; the path is Muster's own. Or Muster reaches Slack, over a web socket. */
export type SlackAddress = { baseUrl: string; socketMode?: false } | { socketMode: true };

/** The app's manifest as YAML, for "From a manifest" at https://api.slack.com/apps. */
export function renderSlackManifest(address: SlackAddress): string {
  const url = address.socketMode === true ? undefined : quote(`${address.baseUrl.replace(/\/$/, '')}/slack/events`);
  const at = (indent: string, field: string) => (url === undefined ? [] : [`${indent}${field}: ${url}`]);
  return [
    ...renderAppearance(at('      ', 'url')),
    'oauth_config:',
    '  scopes:',
    '    bot:',
    ...BOT_SCOPES.flatMap(({ scope, needs, why }) => [`      # ${why} (${needs.join(', ')})`, `      - ${scope}`]),
    'settings:',
    '  event_subscriptions:',
    ...at('    ', 'request_url'),
    '    bot_events:',
    ...BOT_EVENTS.map((event) => `      - ${event}`),
    '  interactivity:',
    '    is_enabled: true',
    ...at('    ', 'request_url'),
    '  org_deploy_enabled: false',
    `  socket_mode_enabled: ${address.socketMode === true}`,
    '  token_rotation_enabled: false',
    '',
  ].join('\n');
}

function renderAppearance(url: string[]): string[] {
  return [
    'display_information:',
    '  name: Muster',
    '  description: The disaster-recovery war room',
    '  background_color: "#8b1a1a"',
    'features:',
    '  bot_user:',
    '    display_name: muster',
    '    always_online: true',
    '  shortcuts:',
    `    - name: ${TIMELINE_SHORTCUT.name}`,
    '      type: message',
    `      callback_id: ${TIMELINE_SHORTCUT.callbackId}`,
    `      description: ${quote(TIMELINE_SHORTCUT.description)}`,
    '  slash_commands:',
    `    - command: ${SLASH_COMMAND.command}`,
    ...url,
    `      description: ${quote(SLASH_COMMAND.description)}`,
    `      usage_hint: ${quote(SLASH_COMMAND.usageHint)}`,
    '      # So that @people and #channels arrive as ids, which cannot be mistaken.',
    '      should_escape: true',
  ];
}

/** JSON's strings are YAML's. */
function quote(text: string): string {
  return JSON.stringify(text);
}
