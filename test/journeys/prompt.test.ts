import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { canTravel } from './world.ts';

const ROOT = join(import.meta.dirname, '../..');
const TIMEOUT = { timeout: 240_000 };

/** Runs the sandbox with these lines typed at its prompt. */
async function run(words: readonly string[], lines: readonly string[] = []): Promise<{ code: unknown; text: string }> {
  const child = spawn(process.execPath, [join(ROOT, 'bin/run.js'), 'sandbox', ...words], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  child.stdin.end(lines.map((line) => `${line}\n`).join(''));
  return { code: await new Promise((resolve) => child.once('close', resolve)), text };
}

describe.skipIf(!canTravel)('the sandbox in a terminal', TIMEOUT, () => {
  test.each([[['terminal']], [['--demo', 'everything']], [['--demo', 'incident', 'now']], [['--env', '--demo']]])(
    'refuses %j before it starts anything',
    async (words) => {
      const { code, text } = await run(words);
      expect(text).toContain(`The sandbox does not know "${words.at(-1)}".`);
      expect(text).not.toContain('Starting the sandbox');
      expect(code).toBe(2);
    },
  );

  test('an alert opens a room, whose buttons and commands work there; each act is answered', async () => {
    const { code, text } = await run(
      [],
      [
        ...['/foo', '/room', '/alert', '/room', '/press 1', 'note it is the disk', '/alert resolve', '/pages'],
        ...[
          'declare',
          '/fill the shop is down',
          '/in nowhere',
          '/slack down',
          '/slack up',
          '/kill bot',
          '/api',
          '/help',
        ],
      ],
    );
    const said = [
      '"/foo" is nothing that the prompt knows',
      'No incident has a room yet',
      'Alertmanager: 2 alerts of data-processing fire. Answer: 202 taken',
      'A room was opened, #incident-',
      '== SEV1 OPEN: Nothing runs in data-processing any more',
      'page 1 (on call): acknowledged by',
      'Noted in incident',
      'Alertmanager: 2 alerts of data-processing are resolved. Answer: 202',
      '(triggered; now acknowledged)',
      '+-- Declare an incident',
      'is declared: sev2, the shop is down',
      'There are: incidents',
      'Slack is down.',
      'Slack is up.',
      'The bot was killed',
      'Type /api down or /api up.',
      'As Alertmanager:',
    ];
    expect(said.filter((line) => !text.includes(line), text)).toEqual([]);
    expect(code).toBe(0);
  });
});
