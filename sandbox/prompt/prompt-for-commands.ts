import { createInterface } from 'node:readline/promises';
import { until } from '../demo/watch-cluster.ts';
import type { Sandbox } from '../start-sandbox.ts';
import { makeTrouble, TROUBLE_HELP } from './make-trouble.ts';
import { type Shown, showChanges } from './show-channel.ts';
import { fillForm, showForm } from './show-form.ts';
import { ALERT_HELP, type SentAlerts, useAlerts } from './use-alerts.ts';
import { PAGER_HELP, usePager } from './use-pager.ts';

const HELP = `You are in the sandbox's Slack. Type what you would type there, with or without /dr:
  restore namespace data-processing | declare <title> | status <run> | incidents | help
and as a person does:   /as lead   /in data-platform   /room   /press 2   /fill <text>   /show   (people: oncall, lead, dba, stranger)
${ALERT_HELP}
${PAGER_HELP}
In the terminal:        $ dr runs
${TROUBLE_HELP}
                        /help   /quit`;

/** How long it is waited for the card of a room that was just opened, ms. */
const CARD_MS = 10_000;

interface Seat {
  user: string;
  channel: string;
  shown: Shown;
  alerts: SentAlerts;
}

/** A prompt: a line is a slash command of whoever sits there; a line that begins with $ goes to \`dr\` in the terminal. */
export async function promptForCommands(sandbox: Sandbox): Promise<void> {
  print(HELP);
  const seat: Seat = { user: 'oncall', channel: 'incidents', shown: new Map(), alerts: new Map() };
  const reader = createInterface({ input: process.stdin, output: process.stdout, prompt: promptOf(seat) });
  let open = true;
  reader.once('close', () => {
    open = false;
  });
  reader.prompt();
  for await (const line of reader) {
    const text = line.trim();
    if (text === '/quit' || text === 'exit') break;
    await take(sandbox, seat, text).catch((thrown: unknown) => print(thrown instanceof Error ? thrown.message : ''));
    // Piped input may have ended while a command ran; its lines are still read.
    reader.setPrompt(promptOf(seat));
    if (open) reader.prompt();
  }
  if (open) reader.close();
}

function promptOf({ user, channel }: Seat): string {
  return `@${user} in #${channel}> `;
}

async function take(sandbox: Sandbox, seat: Seat, text: string): Promise<void> {
  const terminal = /^\$\s*(?:dr\s+)?(.*)$/.exec(text)?.[1];
  if (text === '') await show(sandbox, seat);
  else if (terminal !== undefined) await typeInTerminal(sandbox, terminal);
  else if (text.startsWith('/') && !/^\/dr(\s|$)/.test(text)) await act(sandbox, seat, text.slice(1).split(/\s+/));
  else await typeInSlack(sandbox, seat, text.replace(/^\/?dr(\s+|$)/, ''));
}

async function typeInSlack(sandbox: Sandbox, seat: Seat, text: string): Promise<void> {
  const { slack } = sandbox;
  if (slack === undefined) return;
  const { error } = await slack.deliver.command(seat.user, seat.channel, '/dr', text);
  if (error !== undefined) print(`Slack says: ${error}`);
  await show(sandbox, seat);
}

async function typeInTerminal(sandbox: Sandbox, text: string): Promise<void> {
  if (text.split('"').length % 2 === 0) return print('A quote is not closed; nothing was done.');
  const words = text.match(/"[^"]*"|\S+/g)?.map((word) => word.replace(/^"|"$/g, '')) ?? [];
  await sandbox.runDr(words, { print });
}

async function show({ slack }: Sandbox, { user, channel, shown }: Seat): Promise<void> {
  if (slack === undefined) return;
  await showChanges(slack, channel, user, shown, print);
  const form = showForm(slack, user);
  if (form !== undefined) print(form);
}

async function act(sandbox: Sandbox, seat: Seat, [verb = '', what = '', ...more]: string[]): Promise<void> {
  const { slack, pagerDuty } = sandbox;
  const answer =
    (pagerDuty && (await usePager(pagerDuty, seat.user, [verb, what]))) ??
    (await useAlerts(sandbox, seat.alerts, [verb, what])) ??
    (await makeTrouble(sandbox, [verb, what]));
  if (answer !== undefined) {
    print(answer);
    // What an alert leads to is seen where it is announced, and in its room.
    if (verb === 'alert') await show(sandbox, seat);
  } else if (verb === 'help') print(HELP);
  else if (slack === undefined) print('There is no Slack here.');
  else if (verb === 'as') {
    if (!Object.hasOwn(slack.users, what)) return print(`There are: ${Object.keys(slack.users).join(', ')}`);
    Object.assign(seat, { user: what, shown: new Map() });
    print(slack.renderChannel(seat.channel, { as: seat.user }));
  } else if (['in', 'channel', 'room'].includes(verb)) await enter(sandbox, seat, verb === 'room' ? '' : what);
  else if (verb === 'press') await press(sandbox, seat, Number(what));
  else if (verb === 'fill') await fill(sandbox, seat, [what, ...more].join(' '));
  else if (verb === 'close') await slack.deliver.closeView({ user: seat.user });
  else if (verb === 'show') print(slack.renderChannel(seat.channel, { as: seat.user }));
  else print(`"/${verb}" is nothing that the prompt knows: /help. Nothing was done.`);
}

/** The channel of that name, or the newest incident's room. */
async function enter(sandbox: Sandbox, seat: Seat, name: string): Promise<void> {
  const { slack } = sandbox;
  const rooms = slack?.channelNames().filter((it) => it.startsWith('incident-')) ?? [];
  const channel = name.replace(/^#/, '') || rooms.at(-1);
  if (channel === undefined) return print('No incident has a room yet: /alert, or declare <title>');
  if (slack?.channelNames().includes(channel) !== true && !channel.startsWith('@'))
    return print(`There are: ${slack?.channelNames().join(', ')}`);
  Object.assign(seat, { channel, shown: new Map() });
  // Whoever follows the link in the announcement is in the room; in a private one only who was called in.
  if (rooms.includes(channel) && slack?.channel(channel).kind === 'public')
    slack.people.join({ user: seat.user, channel });
  if (rooms.includes(channel)) await until(() => slack?.pressable(channel).length !== 0, CARD_MS);
  print(slack?.renderChannel(channel, { as: seat.user }).split('\n\n')[0] ?? '');
  await show(sandbox, seat);
}

async function press(sandbox: Sandbox, seat: Seat, number: number): Promise<void> {
  const { slack } = sandbox;
  const { user, channel } = seat;
  const button = slack?.pressable(channel, { as: user }).find((it) => it.number === number);
  if (slack === undefined || button === undefined) return print('There is no such button: /show');
  if (button.asks !== undefined) print(`Slack asks: ${button.asks}  -- yes`);
  await slack.deliver.click({ user, channel, button: number, confirm: true });
  await show(sandbox, seat);
}

async function fill(sandbox: Sandbox, seat: Seat, text: string): Promise<void> {
  const { slack } = sandbox;
  if (slack === undefined || !(await fillForm(slack, seat.user, text))) return print('Nobody asks you by a form.');
  await show(sandbox, seat);
}

function print(text: string): void {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}
