/**
 * Every limit that Slack documents for what an app sends, and two that it does not: an edited text has at most 4,000 bytes as
 * Slack stores it, and all blocks of a message together about 13,200 characters, fewer with many blocks.
 */
export const LIMITS = {
  message: {
    text: 40_000,
    editedTextBytes: 4_000,
    blocks: 50,
    attachments: 100,
    allBlocksText: 13_000,
    metadata: 16_000,
  },
  view: { blocks: 100, privateMetadata: 3_000, callbackId: 255, externalId: 255, title: 24, button: 24, stack: 3 },
  id: 255,
  text: 3_000,
  header: 150,
  section: { text: 3_000, fields: 10, field: 2_000 },
  context: { elements: 10 },
  actions: { elements: 25 },
  button: { text: 75, value: 2_000, url: 3_000, label: 75 },
  confirm: { title: 100, text: 300, button: 30 },
  option: { text: 75, value: 75, description: 75, url: 3_000 },
  select: { options: 100, groups: 100, groupLabel: 75, hint: 150 },
  overflow: 5,
  choices: 10,
  input: { label: 2_000, hint: 2_000, text: 3_000 },
  image: { url: 3_000, alt: 2_000, title: 2_000 },
  markdown: 12_000,
  table: { rows: 100, columns: 20 },
  channelName: 80,
  topic: 250,
  pins: 100,
  bookmarks: 100,
  invitees: 100,
  page: 1_000,
  fileBytes: 1_073_741_824,
} as const;
