import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canTravel, openWorld, type World } from './world.ts';

/**
 * Plays docs/write-a-runbook.md literally: a block that names a file is written, a block of shell is typed, and a block of text is what
 * must have been answered, `...` standing for anything.
 */

const ROOT = join(import.meta.dirname, '../..');
const GUIDE = readFileSync(join(ROOT, 'docs/write-a-runbook.md'), 'utf8');

interface Act {
  does: 'write' | 'type';
  /** The file, or what is typed. */
  what: string;
  /** The file's text, or what must be answered. */
  text: string;
}

const blocks = [...GUIDE.matchAll(/^```(\w+)(?: (\S+))?\n([\s\S]*?)^```$/gm)].map(([, kind, file, text]) => ({
  kind,
  file,
  text: text ?? '',
}));
const acts = blocks.flatMap(({ kind, file, text }, index): Act[] => {
  if (kind === 'yaml' && file !== undefined) return [{ does: 'write', what: file, text }];
  const answer = blocks[index + 1]?.kind === 'text' ? blocks[index + 1]?.text : '';
  return kind === 'sh' ? [{ does: 'type', what: text, text: answer ?? '' }] : [];
});

describe.skipIf(!canTravel)('the guide to the first runbook, word for word', () => {
  let world: World;
  const folder = mkdtempSync(join(tmpdir(), 'muster-guide-'));
  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await world.close();
  });

  /** What `export` set goes on, as in one terminal. */
  const exported: string[] = [];
  function type(script: string): Promise<string> {
    const PATH = [join(ROOT, 'bin'), process.env['PATH']].join(delimiter);
    const env = { ...world.sandbox.env, PATH };
    const whole = [...exported, script].join('\n');
    exported.push(...script.split('\n').filter((line) => line.startsWith('export ')));
    return new Promise((resolve) => {
      execFile('sh', ['-c', whole], { cwd: folder, env, timeout: 50_000 }, (_, stdout, stderr) =>
        resolve(stderr + stdout),
      );
    });
  }

  test('there is something to play', () => {
    expect(acts.filter(({ does }) => does === 'write').map(({ what }) => what)).toEqual([
      'my-runbooks/check-namespace.yaml',
      'my-runbooks/check-namespace.yaml',
    ]);
    expect(acts.filter(({ text }) => text !== '').length).toBeGreaterThan(8);
  });

  test.each(acts.map((act, index) => [index + 1, act.what.trim().split('\n')[0], act] as const))(
    '%i. %s',
    async (_, __, { does, what, text }) => {
      if (does === 'write') return expect(writeFileSync(join(folder, what), text)).toBeUndefined();
      const answer = await type(what);
      expect(answer).toMatch(patternOf(text));
    },
  );

  test('nothing was changed in the cluster by it', () => {
    expect(world.writes()).toEqual([]);
  });
});

/** All that was answered, line by line; a line of `...` is any number of lines, within a line it is anything. */
function patternOf(text: string): RegExp {
  const lines = text === '' ? [] : text.trimEnd().split('\n');
  const literal = (part: string) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const parts = lines.map((line) => (line === '...' ? '(?:.*\n)*?' : `${line.split('...').map(literal).join('.*')}\n`));
  return new RegExp(`^${parts.join('')}$`);
}
