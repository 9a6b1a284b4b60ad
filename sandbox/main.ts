import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { playDemo } from './demo.ts';
import { promptForCommands } from './prompt.ts';
import { type Sandbox, startSandbox } from './start-sandbox.ts';

const HELP = `npm run sandbox              a local cluster with Velero, Redis and the bot, and a prompt
npm run sandbox -- --demo    plays the main job: delete a namespace, restore it, verify it
npm run sandbox -- --env     prints the environment that points a bot or dr started by hand here, and keeps running
SANDBOX_REDIS_URL            use this Redis instead of a private one`;

/** The sandbox: everything on loopback, nothing of the shell's Redis, kubeconfig, Slack or PagerDuty is read. */
export async function main(argv: readonly string[]): Promise<void> {
  if (argv.includes('--help') || argv.includes('-h')) return void console.log(HELP);
  if (argv.includes('--version')) return void console.log(await readVersion());
  const unknown = argv.find((word) => !['--demo', '--env'].includes(word));
  if (unknown !== undefined) {
    console.error(`The sandbox does not know "${unknown}".\n${HELP}`);
    process.exitCode = 2;
    return;
  }
  console.log(
    'Starting the sandbox: a Kubernetes API with Velero and the namespace data-processing, Redis, and Muster ...',
  );
  const sandbox = await startSandbox({ redisUrl: process.env['SANDBOX_REDIS_URL'] });
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void sandbox.close().then(() => process.exit(130)));
  try {
    await use(sandbox, argv);
  } finally {
    await sandbox.close();
  }
}

async function use(sandbox: Sandbox, argv: readonly string[]): Promise<void> {
  console.log(`Cluster ${sandbox.cluster.api.url}, Redis: ${sandbox.redis}.\n`);
  if (argv.includes('--env')) {
    for (const [name, value] of Object.entries(sandbox.env))
      if (name !== 'HOME') console.log(`export ${name}='${value}'`);
    console.log('# Ctrl-C ends it');
    return new Promise(() => undefined);
  }
  sandbox.startBot();
  if (argv.includes('--demo')) process.exitCode = await playDemo(sandbox);
  else
    await promptForCommands(
      sandbox,
      (line) => line.match(/"[^"]*"|\S+/g)?.map((word) => word.replace(/^"|"$/g, '')) ?? [],
    );
}

async function readVersion(): Promise<string> {
  const { version }: { version: string } = JSON.parse(
    await readFile(join(import.meta.dirname, '../package.json'), 'utf8'),
  );
  return version;
}

if (import.meta.main) await main(process.argv.slice(2));
