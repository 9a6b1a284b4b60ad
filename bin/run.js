// Starts an entry point on a Node.js that can run it: `node bin/run.js <main|cli|sandbox|bench> [args...]`.
// Plain old JavaScript on purpose: an old Node.js must be able to read this file to say what is wrong.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NEEDED = 24;
const ENTRIES = { main: 'src/main.ts', cli: 'src/cli.ts', sandbox: 'sandbox/main.ts', bench: 'test/bench/main.ts' };
const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * This process's Node.js if it is new enough, else the one that `npm ci` put into node_modules, else undefined.
 * @returns {string | undefined}
 */
export function findNode() {
  if (majorOf(process.versions.node) >= NEEDED) return process.execPath;
  const own = join(root, 'node_modules', '.bin', 'node');
  if (!existsSync(own)) return undefined;
  const answer = spawnSync(own, ['-p', 'process.versions.node'], { encoding: 'utf8', timeout: 10000 });
  return answer.status === 0 && majorOf(answer.stdout) >= NEEDED ? own : undefined;
}

/** @param {string} version */
function majorOf(version) {
  return Number(version.split('.')[0]);
}

/**
 * Runs the command in a child that gets our signals, and ends as the child ended.
 * @param {string} file
 * @param {string[]} args
 */
function become(file, args) {
  const child = spawn(file, args, { stdio: 'inherit' });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => {
      // A terminal sends Ctrl-C to parent and child alike: passing it on would interrupt the child twice.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  child.on('error', (error) => fail(`Cannot start ${file}: ${error.message}`));
  child.on('exit', (code, signal) => process.exit(signal ? 128 + constants.signals[signal] : Number(code)));
}

/**
 * The bot mostly waits, so that V8 would rather let its heap grow than collect it: here it collects sooner, and what it holds fits a small
 * pod. Both flags are asked for at each collection, so they count though the heap is there already.
 */
async function staySmall() {
  const { setFlagsFromString } = await import('node:v8');
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=15');
}

/** @param {string} message */
function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exitCode = 1;
}

/** @param {string[]} argv */
async function run(argv) {
  const name = String(argv[0]);
  const entry = new Map(Object.entries(ENTRIES)).get(name);
  if (entry === undefined) return fail(`Usage: node bin/run.js <${Object.keys(ENTRIES).join('|')}> [args...]`);
  if (!existsSync(join(root, 'node_modules'))) return fail(`Dependencies are missing: run \`npm ci\` in ${root}.`);
  const node = findNode();
  if (node === undefined) {
    return fail(
      `Muster needs Node.js ${NEEDED} or newer; this is ${process.versions.node} (${process.execPath}).\n` +
        `Run \`npm ci\` in ${root} (it brings its own Node.js ${NEEDED}), or put Node.js ${NEEDED} on your PATH.`,
    );
  }
  if (node !== process.execPath) return become(node, [join(root, 'bin', 'run.js')].concat(argv));
  if (name === 'main') await staySmall();
  // Compiled code is kept between starts: at 3 a.m. half a second counts. A start never depends on it.
  return import('node:module')
    .then((module) => module.enableCompileCache?.())
    .then(() => import(`../${entry}`))
    .then((loaded) => loaded.main(argv.slice(1)))
    .catch((error) => fail(String(error instanceof Error ? error.stack : error)));
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url))
  void run(process.argv.slice(2));
