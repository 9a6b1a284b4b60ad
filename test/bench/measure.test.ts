import { describe, expect, test } from 'vitest';
import { listCommands } from './list-commands.ts';
import { missedBy, percentile, spreadOf } from './measure.ts';
import { renderMeasured, renderMs, renderVerdict } from './render-measured.ts';
import { mapInParallel } from './seed-waiting.ts';
import { cpuOf, rssOf } from './watch-process.ts';

const hundred = Array.from({ length: 100 }, (_, at) => 100 - at);

describe('percentiles, by nearest rank', () => {
  test.each([
    [0, 1],
    [0.5, 50],
    [0.99, 99],
    [0.991, 100],
    [1, 100],
  ])('%f of 1 to 100 is %i', (share, value) => {
    expect(percentile(hundred, share)).toBe(value);
  });

  test('of one sample: that one; of none: an error', () => {
    expect(percentile([7], 0.99)).toBe(7);
    expect(() => percentile([], 0.5)).toThrow('nothing was measured');
  });

  test('numbers are compared as numbers, and the samples stay as they are', () => {
    const samples = [100, 9, 20, 8, 7];
    expect(spreadOf(samples)).toEqual({ median: 9, min: 7, max: 100 });
    expect(samples).toEqual([100, 9, 20, 8, 7]);
  });
});

const bound = (what: string, limit: number, ...rounds: number[]) => ({ what, limit, rounds });

describe('a bound', () => {
  test.each([
    ['one slow round of five does not miss it', [1, 2, 3, 4, 900], undefined],
    ['three do', [1, 2, 140, 150, 900], 40],
    ['"under" means under', [100, 100, 100], 0],
  ])('%s', (_what, rounds, by) => {
    expect(missedBy(bound('x', 100, ...rounds))).toBe(by);
  });

  test('is shown with its median, its spread, and by how much it is missed', () => {
    const bounds = [bound('good', 100, 50.4, 9.96, 80), bound('bad', 100, 250, 260, 240)];
    expect(renderMeasured({ bounds, notes: [{ what: 'memory', value: '1 MiB' }] })).toEqual([
      'ok    good: median of 3 50 ms, min 10 ms, max 80 ms; must be under 100 ms',
      'MISS  bad: median of 3 250 ms, min 240 ms, max 260 ms; must be under 100 ms; missed by 150 ms',
      '      memory: 1 MiB',
    ]);
    expect(renderVerdict(bounds)).toEqual(['MISSED: bad, by 150 ms.']);
    expect(renderVerdict(bounds.slice(0, 1))).toEqual(['All 1 bounds are met.']);
  });

  test('may be of memory, or a ratio', () => {
    const bounds = [
      { ...bound('memory', 250, 199.6), unit: 'MB' as const },
      { ...bound('times', 1.2, 1.25), unit: 'x' as const },
    ];
    expect(renderMeasured({ bounds, notes: [] })).toEqual([
      'ok    memory: median of 1 200 MB, min 200 MB, max 200 MB; must be under 250 MB',
      'MISS  times: median of 1 1.25 x, min 1.25 x, max 1.25 x; must be under 1.20 x; missed by 0.05 x',
    ]);
  });

  test.each([
    [0, '0 ms'],
    [1.25, '1.3 ms'],
    [99.6, '100 ms'],
  ])('%f is %s', (ms, text) => {
    expect(renderMs(ms)).toBe(text);
  });
});

describe('the commands of a round', () => {
  test('are the mix that the document names, about many runs', () => {
    const runs = Array.from({ length: 1_000 }, (_, at) => `run${at}`);
    const commands = listCommands(500, 0, runs);
    const count = (kind: string) => commands.filter((command) => command.kind === kind).length;
    expect(['status', 'runs', 'help', 'approve', 'restore'].map(count)).toEqual([200, 100, 100, 50, 50]);
    expect(new Set(commands.filter(({ kind }) => kind === 'status').map(({ text }) => text)).size).toBe(200);
  });
});

describe('doing it in parallel', () => {
  test('so many at a time, answers in order', async () => {
    let now = 0;
    let most = 0;
    const done = await mapInParallel(hundred, 4, async (item) => {
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => setTimeout(resolve, item % 3));
      now -= 1;
      return item * 2;
    });
    expect(most).toBe(4);
    expect(done).toEqual(hundred.map((item) => item * 2));
  });
});

describe.skipIf(process.platform !== 'linux')('a process as /proc shows it', () => {
  test('has memory and used some CPU; one that is not there has neither', () => {
    expect(rssOf(process.pid)).toBeGreaterThan(10);
    expect(cpuOf(process.pid)).toBeGreaterThan(0);
    expect(cpuOf(2 ** 30)).toBeUndefined();
    expect(rssOf(2 ** 30)).toBeUndefined();
  });
});
