import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { foldPosts } from '../../src/domain/posts.ts';
import { drive } from '../../src/engine/drive.ts';
import { endPostsUnsaid } from '../../src/engine/end-posts.ts';
import { writeFolder } from '../adapters/yaml-folder.ts';
import { announceSkip } from '../announce-skip.ts';
import { openDoor } from '../commands/front-door.ts';
import { plantLedger } from '../ledger-fixture.ts';
import { hasRedisServer, type RedisServer, startRedis } from '../redis.ts';

const real = hasRedisServer();
if (!real) announceSkip('test/engine/other-versions.test.ts', 'no redis-server on the PATH');

const POLICY = `groups: { engineers: { terminal: [alice] } }
allow: [{ group: engineers, may: [request, abort], clusters: ["*"], namespaces: ["*"] }]
breakGlass: [engineers]
`;

/** The fixture, its run, and what the newer Muster wrote that cannot be read; `first`: nothing of the run can be. */
const FUTURE: { file: string; run: string; wrote: string; first?: true }[] = [
  { file: 'future-event', run: 'dddddd', wrote: 'run.postponed v1' },
  { file: 'future-event-in-flight', run: 'ffffff', wrote: 'step.paused v1' },
  { file: 'future-version', run: 'gggggg', wrote: 'run.planned v2' },
  { file: 'future-first', run: 'hhhhhh', wrote: 'run.requested v2', first: true },
  // A condition that is not known would be checked as if it were not there.
  { file: 'future-assertion', run: 'kkkkkk', wrote: 'run.requested v1', first: true },
  { file: 'unreadable', run: 'pppppp', wrote: 'something unreadable' },
];

describe.skipIf(!real)('what other versions of Muster wrote, in a real Redis', () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  async function open(...files: string[]) {
    const folder = await writeFolder({ 'policy.yaml': POLICY });
    const door = await openDoor({ REDIS_URL: redis.url, POLICY_FILE: `${folder}/policy.yaml` });
    const { ledger } = door.muster.engine;
    const installation = await ledger.installation();
    for (const file of files)
      if ((await ledger.raw(`run-${runOf(file)}`)).length === 0) await plantLedger(redis.url, file, installation);
    return { ...door, ledger };
  }

  test.each(FUTURE)(
    '$file: the run is left alone, and every command says whose it is',
    async ({ file, run, wrote, first }) => {
      const { type, ledger, muster } = await open(file);
      const before = await ledger.raw(`run-${run}`);
      const hands = `A newer Muster wrote ${wrote} to ${first ? `run ${run}` : 'this run'}; this version keeps its hands off.`;
      const status = await type(`status ${run}`);
      expect(status.ok).toBe(first === undefined);
      expect(status.lines.join('\n')).toContain(hands);
      if (first === undefined) expect(status.data).toMatchObject({ state: 'parked', newer: wrote });
      for (const line of [`abort ${run}`, `retry ${run}`, `approve ${run} ab12cd34 --reason "nobody else answers"`]) {
        const { ok, lines } = await type(line);
        expect([line, ok]).toEqual([line, false]);
        expect(lines.at(-1)).toMatch(/^Next: /);
      }
      expect((await type(`abort ${run}`)).lines).toEqual([
        `A newer Muster wrote ${wrote} to run ${run}; this version keeps its hands off.`,
        `Next: Use that version. What is recorded: dr export ${run}`,
      ]);
      // Driven, it comes to rest at once and adds nothing.
      const seen = await drive(muster.engine, `run-${run}`, AbortSignal.timeout(5_000));
      expect(seen).toBe(first ? undefined : before.at(-1)?.id);
      expect(await ledger.raw(`run-${run}`)).toEqual(before);
      expect(await ledger.unfinished()).toContain(`run-${run}`);
    },
  );

  test('a run that holds its target goes on holding it', async () => {
    const { ledger } = await open('future-event-in-flight');
    expect(await ledger.holder('sandbox/data-processing')).toBe('run-ffffff');
  });

  test('dr runs lists the others, and names those of which nothing can be read', async () => {
    const { type } = await open(...FUTURE.map(({ file }) => file), 'old-finished');
    const { ok, lines } = await type('runs');
    expect(ok).toBe(true);
    const text = lines.join('\n');
    for (const { run } of FUTURE) expect(text).toContain(run);
    expect(text).toMatch(/dddddd {2}parked /);
    expect(text).toMatch(/bbbbbb {2}succeeded /);
    expect(text).toContain('A newer Muster wrote run.requested v2 to run hhhhhh');
  });

  test('a run that an old version finished reads as it did', async () => {
    const { type } = await open('old-finished');
    const { ok, lines } = await type('status bbbbbb');
    expect(ok).toBe(true);
    const text = lines.join('\n');
    expect(text).toContain('RECOVERED and verified: data-processing, 1 check passed.');
    expect(text).toContain('Data is as of 2025-06-15T03:00:00Z (backup daily-full-backup-20250615030000)');
    expect(text).toContain('restore: restore is done.');
    expect((await type('retry bbbbbb')).ok).toBe(false);
  });

  test('a field that is not known is passed over', async () => {
    const { type, ledger } = await open('future-field');
    expect((await type('status jjjjjj')).lines.join('\n')).toContain(
      'REJECTED by alice (terminal) (no); nothing was changed.',
    );
    expect(await ledger.unfinished()).not.toContain('run-jjjjjj');
  });

  test('a message of a newer Muster stops the messages, not the run', async () => {
    const { ledger, muster, type } = await open('future-post');
    const before = await ledger.raw('posts-mmmmmm');
    expect(foldPosts(await ledger.read('posts-mmmmmm')).foreign).toBe('post.pinned v1');
    await endPostsUnsaid(muster.engine, 'posts-mmmmmm');
    expect(await ledger.raw('posts-mmmmmm')).toEqual(before);
    expect((await type('status mmmmmm')).lines[0]).toContain('Run mmmmmm: planning.');
    expect((await type('abort mmmmmm')).ok).toBe(true);
  });

  test('dr export prints every event to the letter, whoever wrote it', async () => {
    const { type, ledger } = await open(...FUTURE.map(({ file }) => file), 'future-post');
    for (const run of [...FUTURE.map((future) => future.run), 'mmmmmm']) {
      const { ok, lines } = await type(`export ${run}`);
      expect(ok).toBe(true);
      const streams = await Promise.all([`run-${run}`, `posts-${run}`].map((stream) => ledger.raw(stream)));
      expect(lines).toHaveLength(streams.flat().length);
      for (const [index, { id, text }] of streams.flat().entries()) {
        const line = JSON.parse(lines[index] ?? '');
        expect(line.id).toBe(id);
        expect(line.stream).toMatch(new RegExp(`^(run|posts)-${run}$`));
        expect(lines[index]).toContain(text.startsWith('{') ? text : JSON.stringify(text));
      }
    }
    expect((await type('export zzzzzz')).lines[0]).toBe('There is no run zzzzzz in the ledger.');
  });
});

function runOf(file: string): string {
  const known: Record<string, string> = { 'old-finished': 'bbbbbb', 'future-field': 'jjjjjj', 'future-post': 'mmmmmm' };
  return FUTURE.find((future) => future.file === file)?.run ?? known[file] ?? '';
}
