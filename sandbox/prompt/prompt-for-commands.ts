import { createInterface } from 'node:readline/promises';
import type { Sandbox } from '../start-sandbox.ts';
import { type Shown, showChanges } from './show-channel.ts';
import { PAGER_HELP, usePager } from './use-pager.ts';

const HELP = `You are in the sandbox's Slack. Type what you would type there, with or without /dr:
  restore namespace data-processing | status <run> | runs | help
and as a person does:   /as lead   /in data-platform   /press 2   /show   (people: oncall, lead, dba, stranger)
${PAGER_HELP}
In the terminal:        $ dr runs
To make trouble:        /delete <namespace>   /pods <namespace>   /api down|up   /slack down|up   /kill bot   /start bot   /quit`;

interface Seat {
  user: string;
  channel: string;
  shown: Shown;
}

/** A prompt: a line is a slash command of whoever sits there; a line that begins with $ goes to \`dr\` in the terminal. */
export async function promptForCommands(sandbox: Sandbox): Promise<void> {
  print(HELP);
  const seat: Seat = { user: 'oncall', channel: 'incidents', shown: new Map() };
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
  if (slack !== undefined) await showChanges(slack, channel, user, shown, print);
}

async function act(sandbox: Sandbox, seat: Seat, [verb = '', what = '']: string[]): Promise<void> {
  const { slack, pagerDuty } = sandbox;
  const paged = pagerDuty && (await usePager(pagerDuty, seat.user, [verb, what]));
  if (paged !== undefined) print(paged);
  else if (verb === 'as' && slack !== undefined) {
    if (!Object.hasOwn(slack.users, what)) return print(`There are: ${Object.keys(slack.users).join(', ')}`);
    Object.assign(seat, { user: what, shown: new Map() });
    print(slack.renderChannel(seat.channel, { as: seat.user }));
  } else if (verb === 'in' && slack !== undefined) {
    slack.channel(what);
    Object.assign(seat, { channel: what, shown: new Map() });
    await show(sandbox, seat);
  } else if (verb === 'press') await press(sandbox, seat, Number(what));
  else if (verb === 'show') print(slack?.renderChannel(seat.channel, { as: seat.user }) ?? '');
  else await makeTrouble(sandbox, verb, what);
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

async function makeTrouble(
  { cluster, slack, killBot, startBot, awaitBot }: Sandbox,
  verb = '',
  what = '',
): Promise<void> {
  const { store, api } = cluster;
  const pods = () => store.list('pods', what).map(({ metadata }) => metadata.name);
  if (verb === 'delete')
    print(
      store.remove('namespaces', undefined, what) === undefined ? `no namespace ${what}` : `${what} is Terminating`,
    );
  else if (verb === 'pods') print(pods().join('\n') || 'none');
  else if (verb === 'api' && what === 'down') await api.faults.down();
  else if (verb === 'api' && what === 'up') await api.faults.up();
  else if (verb === 'slack' && what === 'down') await slack?.faults.down();
  else if (verb === 'slack' && what === 'up') await slack?.faults.up();
  else if (verb === 'kill' && what === 'bot') await killBot();
  else if (verb === 'start' && what === 'bot') {
    if (await awaitBot(500)) print('The bot runs already.');
    else startBot();
  } else print(HELP);
}

function print(text: string): void {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}
