import { benchAck } from './bench-ack.ts';
import { benchApproval } from './bench-approval.ts';
import { benchPage } from './bench-page.ts';
import { benchReady } from './bench-ready.ts';
import { benchRoom } from './bench-room.ts';
import { benchSlots } from './bench-slots.ts';
import { benchStorm } from './bench-storm.ts';
import { describeLoad, describeMachine } from './describe-machine.ts';
import { type Bounded, type Measured, missedBy } from './measure.ts';
import { renderMeasured, renderVerdict } from './render-measured.ts';

/** What can be measured; each on a bot process, a Redis, a Slack and a cluster of its own. */
const BENCHES: Record<string, { summary: string; run: () => Promise<Measured> }> = {
  ready: { summary: 'from the start of the process until it is ready', run: benchReady },
  approval: { summary: 'what Muster adds to a restore: approval to Restore, Completed to known', run: benchApproval },
  ack: { summary: 'answers to slash commands with 1,000 runs waiting and 4 active', run: benchAck },
  page: { summary: 'from an alert that is accepted to the page that is sent', run: benchPage },
  room: { summary: 'from an alert that is accepted to a room that people can work in', run: benchRoom },
  storm: { summary: '10,000 alerts in a minute', run: () => benchStorm() },
  slots: { summary: 'status updates of 1,000 open incidents', run: () => benchSlots() },
};

const HELP = `npm run bench             measures everything and exits 1 where a bound is missed
npm run bench -- <name>   measures one:
${Object.entries(BENCHES)
  .map(([name, { summary }]) => `  ${name.padEnd(10)}${summary}`)
  .join('\n')}
It needs redis-server on the PATH. Nothing of the shell's environment reaches what is measured. What it finds is in docs/performance.md.`;

/** Measures what was asked for; exit code 1: a bound is missed, 2: it could not be measured. */
export async function main(argv: readonly string[]): Promise<void> {
  if (argv.includes('--help') || argv.includes('-h')) return void console.log(HELP);
  const unknown = argv.find((name) => !Object.hasOwn(BENCHES, name));
  if (unknown !== undefined) {
    console.error(`There is no benchmark "${unknown}".\n${HELP}`);
    process.exitCode = 2;
    return;
  }
  for (const line of describeMachine()) console.log(line);
  const bounds: Bounded[] = [];
  for (const [name, { summary, run }] of Object.entries(BENCHES)) {
    if (argv.length > 0 && !argv.includes(name)) continue;
    console.log(`\n${name}: ${summary}; ${describeLoad()}`);
    const measured = await run();
    for (const line of renderMeasured(measured)) console.log(line);
    bounds.push(...measured.bounds);
  }
  console.log(`\n${renderVerdict(bounds).join('\n')}`);
  if (bounds.some((bound) => missedBy(bound) !== undefined)) process.exitCode = 1;
}

if (import.meta.main) await main(process.argv.slice(2));
