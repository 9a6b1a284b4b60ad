import { createInterface } from 'node:readline/promises';
import type { Sandbox } from './start-sandbox.ts';

const HELP = `Type dr commands, such as:  restore namespace data-processing
                            help | runs | status <run> | approve <run> --reason "..."
And to make trouble:        /delete <namespace>   /pods <namespace>   /api down|up   /kill bot   /start bot   /quit`;

/** A prompt: what is typed goes to \`dr\`, word by word as a shell would split it; lines with a slash act on the sandbox itself. */
export async function promptForCommands(
  sandbox: Sandbox,
  splitLine: (line: string) => readonly string[],
): Promise<void> {
  process.stdout.write(`${HELP}\n`);
  const reader = createInterface({ input: process.stdin, output: process.stdout, prompt: 'dr> ' });
  let open = true;
  reader.once('close', () => {
    open = false;
  });
  reader.prompt();
  for await (const line of reader) {
    const text = line.trim().replace(/^dr\s+/, '');
    if (text === '/quit' || text === 'exit') break;
    if (text.startsWith('/')) await act(sandbox, text.slice(1).split(/\s+/));
    else if (text.split('"').length % 2 === 0) report('A quote is not closed; nothing was done.');
    else if (text !== '') await sandbox.runDr(splitLine(text), { print: report });
    // Piped input may have ended while a command ran; its lines are still read.
    if (open) reader.prompt();
  }
  if (open) reader.close();
}

async function act({ cluster, killBot, startBot }: Sandbox, [verb, what = '']: string[]): Promise<void> {
  const { store, api } = cluster;
  if (verb === 'delete')
    report(
      store.remove('namespaces', undefined, what) === undefined ? `no namespace ${what}` : `${what} is Terminating`,
    );
  else if (verb === 'pods')
    report(
      store
        .list('pods', what)
        .map(({ metadata }) => metadata.name)
        .join('\n') || 'none',
    );
  else if (verb === 'api' && what === 'down') await api.faults.down();
  else if (verb === 'api' && what === 'up') await api.faults.up();
  else if (verb === 'kill' && what === 'bot') await killBot();
  else if (verb === 'start' && what === 'bot') startBot();
  else report(HELP);
}

function report(text: string): void {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}
