import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { playInSlack } from './demo/play-in-slack.ts';
import { playInTerminal } from './demo/play-in-terminal.ts';
import { playIncident } from './demo/play-incident.ts';
import { promptForCommands } from './prompt/prompt-for-commands.ts';
import { type Sandbox, startSandbox } from './start-sandbox.ts';

const DEMOS: Record<string, (sandbox: Sandbox) => Promise<number>> = {
  slack: playInSlack,
  terminal: playInTerminal,
  incident: playIncident,
};

const HELP = `npm run sandbox                       a local Slack and PagerDuty, a cluster with Velero, Redis and the bot, and a prompt
npm run sandbox -- --demo             plays the main job in Slack: delete a namespace, ask, approve, restore, verify
npm run sandbox -- --demo terminal    the same with nobody in Slack: break the glass in the terminal
npm run sandbox -- --demo incident    from the alert to the end: page, room, restore, status update, resolved (on a clock that is moved)
npm run sandbox -- --socket           the prompt, or with --demo the demo, over Socket Mode in place of HTTP
npm run sandbox -- --env              prints the environment that points a bot or dr started by hand here, and keeps running
SANDBOX_REDIS_URL                     use this Redis instead of a private one`;

/** The sandbox: everything on loopback, nothing of the shell's Redis, kubeconfig, Slack or PagerDuty is read. */
export async function main(argv: readonly string[]): Promise<void> {
  if (argv.includes('--help') || argv.includes('-h')) return void console.log(HELP);
  if (argv.includes('--version')) return void console.log(await readVersion());
  const overSocket = argv.includes('--socket');
  const [what, ...more] = argv.filter((word) => word !== '--socket');
  const demo = what === '--demo' ? (more.shift() ?? 'slack') : undefined;
  const unknown = findUnknown(what, demo, more);
  if (unknown !== undefined) {
    console.error(`The sandbox does not know "${unknown}".\n${HELP}`);
    process.exitCode = 2;
    return;
  }
  console.log(
    'Starting the sandbox: a Slack workspace, a PagerDuty, a Kubernetes API with Velero and the namespace data-processing, Redis, and Muster ...',
  );
  const starting = startSandbox({
    redisUrl: process.env['SANDBOX_REDIS_URL'],
    slack: { socketMode: overSocket },
    pagerDuty: true,
    // Only the demo of an incident has minutes to pass.
    movable: demo === 'incident',
    env: { ROUTING_FILE: join(import.meta.dirname, 'routing.yaml') },
  });
  closeOnSignals(starting);
  const sandbox = await starting;
  try {
    await use(sandbox, what, demo);
  } finally {
    await sandbox.close();
  }
}

/** While it starts too, and however often it is told: what ended in the middle would leave Redis and the bot behind. */
function closeOnSignals(starting: Promise<Sandbox>): void {
  let isClosing = false;
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)
    process.on(signal, () => {
      if (isClosing) return;
      isClosing = true;
      void starting.then((sandbox) => sandbox.close()).finally(() => process.exit(code));
    });
}

/** A stray word would otherwise be taken for a wish that was granted. */
function findUnknown(what: string | undefined, demo: string | undefined, more: readonly string[]): string | undefined {
  if (what !== undefined && what !== '--demo' && what !== '--env') return what;
  return demo !== undefined && !Object.hasOwn(DEMOS, demo) ? demo : more[0];
}

async function use(sandbox: Sandbox, what: string | undefined, demo: string | undefined): Promise<void> {
  const { cluster, slack, pagerDuty, redis } = sandbox;
  console.log(`Cluster ${cluster.api.url}, Slack ${slack?.url}, PagerDuty ${pagerDuty?.url}, Redis: ${redis}.\n`);
  if (what === '--env') {
    for (const [name, value] of Object.entries(sandbox.env))
      if (name !== 'HOME') console.log(`export ${name}='${value}'`);
    console.log('# Ctrl-C ends it');
    return new Promise(() => undefined);
  }
  sandbox.startBot();
  if (!(await sandbox.awaitBot())) console.error('The bot does not answer yet; its log is above.');
  const play = demo === undefined ? undefined : DEMOS[demo];
  if (play === undefined) await promptForCommands(sandbox);
  else process.exitCode = await play(sandbox);
}

async function readVersion(): Promise<string> {
  const { version }: { version: string } = JSON.parse(
    await readFile(join(import.meta.dirname, '../package.json'), 'utf8'),
  );
  return version;
}

if (import.meta.main) await main(process.argv.slice(2));
